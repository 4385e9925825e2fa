package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.CloseReason;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

class ReconnectPolicyTest {
    private static final Duration MIN = Duration.ofMillis(500);
    private long now = Duration.ofDays(3).toNanos();
    private final ReconnectPolicy policy =
            new ReconnectPolicy(new Backoff(MIN, Duration.ofSeconds(30), () -> 0L));

    @ParameterizedTest
    @EnumSource
    void followsTheCloseCode(CloseReason reason) {
        var decision = end(new ConnectionEnd.Closed(reason.code(), reason.reason()));
        assertThat(decision instanceof ReconnectPolicy.Decision.Reconnect)
                .isEqualTo(reason.reconnect());
    }

    @Test
    void unknownCodesAreWorthATry() {
        assertThat(end(new ConnectionEnd.Closed(4999, "new in this version")))
                .isInstanceOf(ReconnectPolicy.Decision.Reconnect.class);
    }

    @Test
    void threeUnauthorizedInARowAreTheEnd() {
        assertThat(refused(401, null)).isInstanceOf(ReconnectPolicy.Decision.Reconnect.class);
        assertThat(refused(401, null)).isInstanceOf(ReconnectPolicy.Decision.Reconnect.class);
        assertThat(refused(401, null)).isInstanceOf(ReconnectPolicy.Decision.GiveUp.class);
    }

    @Test
    void aWelcomeForgivesWhatWasUnauthorized() {
        refused(401, null);
        refused(401, null);
        policy.welcomed();
        assertThat(refused(401, null)).isInstanceOf(ReconnectPolicy.Decision.Reconnect.class);
    }

    @Test
    void waitsAtLeastAsLongAsTheServerAsked() {
        var decision = refused(503, Duration.ofSeconds(7));
        assertThat(decision)
                .isInstanceOfSatisfying(
                        ReconnectPolicy.Decision.Reconnect.class,
                        reconnect ->
                                assertThat(reconnect.after())
                                        .isBetween(
                                                Duration.ofSeconds(7),
                                                Duration.ofSeconds(7).plus(MIN)));
    }

    @Test
    void comesBackOnceWhenItsOwnBrokenAttemptMayHaveReplacedIt() {
        end(new ConnectionEnd.Broken("reset"));
        now += ReconnectPolicy.GHOST.toNanos();
        assertThat(replaced()).isInstanceOf(ReconnectPolicy.Decision.Reconnect.class);
        assertThat(replaced()).isInstanceOf(ReconnectPolicy.Decision.GiveUp.class);
    }

    @Test
    void comesBackAsOftenAsItsAttemptsBroke() {
        end(new ConnectionEnd.Broken("reset"));
        now += ReconnectPolicy.GHOST.toNanos() + 1;
        end(new ConnectionEnd.Broken("reset"));
        end(new ConnectionEnd.Broken("reset"));
        assertThat(replaced()).isInstanceOf(ReconnectPolicy.Decision.Reconnect.class);
        assertThat(replaced()).isInstanceOf(ReconnectPolicy.Decision.Reconnect.class);
        assertThat(replaced()).isInstanceOf(ReconnectPolicy.Decision.GiveUp.class);
    }

    @Test
    void anAttemptThatTheGatewayGaveUpMayReplaceItToo() {
        CloseReason gaveUp = CloseReason.RESTART;
        end(new ConnectionEnd.Closed(gaveUp.code(), gaveUp.reason()));
        policy.welcomed();
        assertThat(replaced()).isInstanceOf(ReconnectPolicy.Decision.Reconnect.class);
        policy.welcomed();
        end(new ConnectionEnd.Closed(gaveUp.code(), gaveUp.reason()));
        assertThat(replaced()).isInstanceOf(ReconnectPolicy.Decision.GiveUp.class);
    }

    @Test
    void anAttemptThatBrokeLongAgoExcusesNothing() {
        end(new ConnectionEnd.Broken("reset"));
        now += ReconnectPolicy.GHOST.toNanos() + 1;
        assertThat(replaced()).isInstanceOf(ReconnectPolicy.Decision.GiveUp.class);
    }

    @Test
    void waitsLongerForEachWelcomeThatDoesNotCome() {
        assertThat(policy.patience()).isEqualTo(Duration.ofSeconds(5));
        end(new ConnectionEnd.Broken("no welcome"));
        assertThat(policy.patience()).isEqualTo(Duration.ofSeconds(10));
        end(new ConnectionEnd.Broken("no welcome"));
        end(new ConnectionEnd.Broken("no welcome"));
        assertThat(policy.patience()).isEqualTo(Duration.ofSeconds(20));
        policy.welcomed();
        end(new ConnectionEnd.Broken("reset"));
        assertThat(policy.patience()).as("that one was welcomed").isEqualTo(Duration.ofSeconds(5));
    }

    private ReconnectPolicy.Decision replaced() {
        CloseReason reason = CloseReason.REPLACED;
        return end(new ConnectionEnd.Closed(reason.code(), reason.reason()));
    }

    private ReconnectPolicy.Decision end(ConnectionEnd end) {
        return policy.after(end, now);
    }

    private ReconnectPolicy.Decision refused(int status, @Nullable Duration retryAfter) {
        return end(new ConnectionEnd.Refused(status, "no", retryAfter));
    }
}
