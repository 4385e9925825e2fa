package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class PositionHistoryTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final PositionHistory history = new PositionHistory();

    @Test
    void knowsNothingBeforeTheFirstNote() {
        assertThat(history.at(5 * SECOND)).isEqualTo(OffsetWatermark.NONE);
    }

    @Test
    void answersWithThePositionAtThatTimeOrALittleBefore() {
        history.note(10 * SECOND, 100);
        history.note(10 * SECOND + 1, 101);
        history.note(11 * SECOND, 110);
        history.note(14 * SECOND, 140);

        assertThat(history.at(9 * SECOND)).as("earlier than it knows").isEqualTo(100);
        assertThat(history.at(10 * SECOND + 2)).isEqualTo(100);
        assertThat(history.at(11 * SECOND)).isEqualTo(110);
        assertThat(history.at(14 * SECOND - 1)).isEqualTo(110);
        assertThat(history.at(99 * SECOND)).isEqualTo(140);
    }

    @Test
    void forgetsWhatIsOlderThanItReaches() {
        for (int second = 0; second < 1_000; second++) {
            history.note(second * SECOND, second);
        }
        assertThat(history.at(0)).isEqualTo(999 - PositionHistory.LONGEST.toSeconds() - 1);
    }

    @Test
    void worksWhereTheClockOfNanosOverflows() {
        long late = Long.MAX_VALUE - SECOND / 2;
        history.note(late, 1);
        history.note(late + SECOND, 2);
        assertThat(history.at(late + SECOND - 1)).isEqualTo(1);
        assertThat(history.at(late + SECOND)).isEqualTo(2);
    }
}
