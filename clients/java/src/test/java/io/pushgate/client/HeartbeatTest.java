package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeartbeatTest {
    /** Interval 30, grace 5: dead 50 after a ping that nothing answers. */
    private final Heartbeat heartbeat = new Heartbeat(30, 5, 1_000);

    @Test
    void pingsWhenNothingWasSentForAnInterval() {
        assertThat(heartbeat.check(1_029)).isEqualTo(new Heartbeat.Next.Wait(1));
        heartbeat.sent(1_029);
        assertThat(heartbeat.check(1_030)).isEqualTo(new Heartbeat.Next.Wait(29));
        assertThat(heartbeat.check(1_059)).isEqualTo(new Heartbeat.Next.Ping(30));
    }

    @Test
    void aConnectionIsDeadWhenNothingFollowsAPing() {
        assertThat(heartbeat.check(1_030)).isEqualTo(new Heartbeat.Next.Ping(30));
        // The second ping does not start the wait anew.
        assertThat(heartbeat.check(1_060)).isEqualTo(new Heartbeat.Next.Ping(20));
        assertThat(heartbeat.check(1_079)).isEqualTo(new Heartbeat.Next.Wait(1));
        assertThat(heartbeat.check(1_080)).isEqualTo(new Heartbeat.Next.Dead());
    }

    @Test
    void anythingReceivedAfterThePingIsLife() {
        heartbeat.check(1_030);
        heartbeat.received(1_031);
        assertThat(heartbeat.check(1_060)).isEqualTo(new Heartbeat.Next.Ping(30));
        assertThat(heartbeat.check(1_090)).isEqualTo(new Heartbeat.Next.Ping(20));
        assertThat(heartbeat.check(1_110)).isEqualTo(new Heartbeat.Next.Dead());
    }

    @Test
    void sendingOnlyIsNoLife() {
        heartbeat.check(1_030);
        heartbeat.sent(1_055);
        assertThat(heartbeat.check(1_080)).isEqualTo(new Heartbeat.Next.Dead());
    }

    @Test
    void survivesTheWrapOfTheTicker() {
        long start = Long.MAX_VALUE - 10;
        Heartbeat wrapping = new Heartbeat(30, 5, start);
        assertThat(wrapping.check(start + 29)).isEqualTo(new Heartbeat.Next.Wait(1));
        assertThat(wrapping.check(start + 30)).isEqualTo(new Heartbeat.Next.Ping(30));
        wrapping.received(start + 31);
        assertThat(wrapping.check(start + 80)).isEqualTo(new Heartbeat.Next.Ping(30));
    }
}
