package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.mailbox.AppLimits.Limits;
import io.pushgate.mailbox.AppLimits.Outcome;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class AppLimitsTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final AtomicLong shift = new AtomicLong();

    private AppLimits limits(Backend backend) {
        Fixture.on(backend);
        return new AppLimits(backend.connection(), shift::get);
    }

    @ParameterizedTest
    @EnumSource
    void theRateRefillsWithTime(Backend backend) {
        AppLimits limits = limits(backend);
        Limits two = new Limits(1, 2, 0);
        assertThat(get(limits.take("a", two, 1))).isEqualTo(new Outcome.Taken());
        assertThat(get(limits.take("a", two, 1))).isEqualTo(new Outcome.Taken());
        Outcome over = get(limits.take("a", two, 1));
        assertThat(over).isInstanceOf(Outcome.OverRate.class);
        Duration wait = ((Outcome.OverRate) over).retryAfter();
        assertThat(wait).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
        assertThat(get(limits.take("b", two, 1))).isEqualTo(new Outcome.Taken());
        shift.addAndGet(wait.toMillis());
        assertThat(get(limits.take("a", two, 1))).isEqualTo(new Outcome.Taken());
    }

    @ParameterizedTest
    @EnumSource
    void aLotLargerThanTheBurstPaysAfterwards(Backend backend) {
        AppLimits limits = limits(backend);
        Limits two = new Limits(1, 2, 0);
        assertThat(get(limits.take("a", two, 10))).isEqualTo(new Outcome.Taken());
        Outcome over = get(limits.take("a", two, 1));
        assertThat(((Outcome.OverRate) over).retryAfter())
                .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(9));
        shift.addAndGet(9_001);
        assertThat(get(limits.take("a", two, 1))).isEqualTo(new Outcome.Taken());
    }

    @ParameterizedTest
    @EnumSource
    void theQuotaIsOfTheDay(Backend backend) {
        // Noon, so that the test does not span midnight.
        shift.set(DAY / 2 - System.currentTimeMillis() % DAY);
        AppLimits limits = limits(backend);
        Limits five = new Limits(0, 0, 5);
        assertThat(get(limits.take("a", five, 3))).isEqualTo(new Outcome.Taken());
        Outcome over = get(limits.take("a", five, 3));
        assertThat(over)
                .isInstanceOfSatisfying(
                        Outcome.OverQuota.class,
                        quota -> {
                            assertThat(quota.left()).isEqualTo(2);
                            assertThat(quota.retryAfter())
                                    .isBetween(Duration.ofHours(11), Duration.ofHours(12));
                        });
        assertThat(get(limits.take("a", five, 2))).isEqualTo(new Outcome.Taken());
        shift.addAndGet(DAY / 2 + 60_000);
        assertThat(get(limits.take("a", five, 5))).isEqualTo(new Outcome.Taken());
    }
}
