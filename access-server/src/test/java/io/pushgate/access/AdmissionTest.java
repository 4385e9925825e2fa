package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.access.Admission.Busy;
import io.pushgate.access.Admission.Entered;
import io.pushgate.testkit.MutableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

class AdmissionTest {
    private final MutableClock clock = MutableClock.create();

    private Admission admission(String rate, String handshakes) {
        return new Admission(
                SessionRig.config(
                                Map.of(
                                        "limits.accept-rate", rate,
                                        "limits.max-handshakes", handshakes))
                        .limits(),
                clock);
    }

    @Test
    void letsSoManyInAtOnce() {
        Admission admission = admission("0", "2");
        Entered first = (Entered) admission.enter();
        assertThat(admission.enter()).isInstanceOf(Entered.class);
        assertThat(tag(admission.enter())).isEqualTo("handshakes");
        first.over();
        first.over();
        assertThat(admission.handshakes()).isEqualTo(1);
        assertThat(admission.enter()).isInstanceOf(Entered.class);
        assertThat(tag(admission.enter())).isEqualTo("handshakes");
    }

    @Test
    void letsSoManyInASecond() {
        Admission admission = admission("10", "1000");
        for (int second = 0; second < 5; second++) {
            for (int i = 0; i < 10; i++) {
                ((Entered) admission.enter()).over();
            }
            assertThat(tag(admission.enter())).isEqualTo("accept_rate");
            clock.advance(Duration.ofSeconds(1));
        }
        clock.advance(Duration.ofHours(1));
        for (int i = 0; i < 10; i++) {
            assertThat(admission.enter()).isInstanceOf(Entered.class);
        }
        assertThat(admission.enter()).as("one second's worth is kept").isInstanceOf(Busy.class);
        assertThat(admission.handshakes()).isEqualTo(10);
    }

    @Test
    void theMoreAreRefusedTheLongerTheyAreSpreadOver() {
        Admission admission = admission("100", "1000");
        List<Integer> few = refuse(admission, 200);
        assertThat(few).allMatch(seconds -> seconds >= 1 && seconds <= 5);
        clock.advance(Duration.ofMinutes(1));
        List<Integer> many = refuse(admission, 2_000);
        Set<Integer> last = new HashSet<>(many.subList(1_000, 2_000));
        assertThat(last).allMatch(seconds -> seconds >= 1 && seconds <= 40);
        assertThat(last).hasSizeGreaterThan(25);
        assertThat(refuse(admission, 100_000)).allMatch(seconds -> seconds <= 60);
        clock.advance(Duration.ofHours(1));
        assertThat(refuse(admission, 200)).as("forgotten").allMatch(seconds -> seconds <= 5);
    }

    @Test
    void nobodyOnceItDrains() {
        Admission admission = admission("0", "10");
        admission.drain();
        assertThat(tag(admission.enter())).isEqualTo("draining");
        assertThat(admission.handshakes()).isZero();
    }

    private static List<Integer> refuse(Admission admission, int count) {
        List<Integer> seconds = new ArrayList<>();
        while (seconds.size() < count) {
            if (admission.enter() instanceof Busy busy) {
                seconds.add(busy.retryAfterSeconds());
            }
        }
        return seconds;
    }

    private static String tag(Admission.Decision decision) {
        return ((Busy) decision).tag();
    }
}
