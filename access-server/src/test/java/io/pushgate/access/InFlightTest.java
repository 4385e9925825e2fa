package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.protocol.Position;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class InFlightTest {
    private final List<Long> acked = new ArrayList<>();

    @Test
    void acksAreCumulativeAndOldestFirst() {
        InFlight inFlight = new InFlight(64);
        for (int i = 1; i <= 10; i++) {
            inFlight.add(new Position(i, 0), i, 0);
        }

        assertThat(ack(inFlight, new Position(4, 5))).isEqualTo(4);
        assertThat(acked).containsExactly(1L, 2L, 3L, 4L);
        assertThat(inFlight.room()).isEqualTo(58);
        assertThat(ack(inFlight, new Position(3, 0))).isZero();
    }

    @Test
    void tellsPositionsOfOneMillisecondApart() {
        InFlight inFlight = new InFlight(4);
        inFlight.add(new Position(7, 0), 1, 0);
        inFlight.add(new Position(7, 1), 2, 0);

        assertThat(ack(inFlight, new Position(7, 0))).isEqualTo(1);
        assertThat(inFlight.size()).isEqualTo(1);
    }

    @Test
    void goesRoundAndGrowsUpToTheWindow() {
        InFlight inFlight = new InFlight(7);
        long next = 1;
        long oldest = 1;
        for (int round = 0; round < 100; round++) {
            while (inFlight.room() > 0) {
                inFlight.add(new Position(next, 0), next, 0);
                next++;
            }
            acked.clear();
            ack(inFlight, new Position(oldest + 2, 0));
            assertThat(acked).containsExactly(oldest, oldest + 1, oldest + 2);
            oldest += 3;
        }
    }

    @Test
    void refusesMoreThanTheWindow() {
        InFlight inFlight = new InFlight(1);
        inFlight.add(new Position(1, 0), 1, 0);
        assertThatThrownBy(() -> inFlight.add(new Position(2, 0), 2, 0))
                .isInstanceOf(IllegalStateException.class);
        inFlight.clear();
        assertThat(inFlight.room()).isEqualTo(1);
    }

    private int ack(InFlight inFlight, Position position) {
        return inFlight.ackUpTo(position, (sentAt, requestedAt) -> acked.add(sentAt));
    }
}
