package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

class AppLatenciesTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AppLatencies latencies = new AppLatencies(registry);

    @Test
    void keepsATimerForEachPairUpToTheBound() {
        Timer first = latencies.of("app-0", "pos");
        for (int i = 1; i < AppLatencies.MAX_PAIRS; i++) {
            assertThat(latencies.of("app-" + i, "pos")).isNotSameAs(first);
        }
        Timer beyond = latencies.of("one", "pos");

        assertThat(latencies.of("another", "pc")).isSameAs(beyond);
        assertThat(beyond.getId().getTag("app")).isEqualTo("other");
        assertThat(latencies.of("app-0", "pos")).isSameAs(first);
        assertThat(registry.getMeters().stream().filter(Timer.class::isInstance))
                .hasSize(AppLatencies.MAX_PAIRS + 1);
    }
}
