package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Fixture.offer;
import static io.pushgate.mailbox.Fixture.told;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

class ExpireScriptTest {
    private static List<Integer> sweepable(Fixture f) {
        List<Integer> all = IntStream.range(0, f.mailbox.shards()).boxed().toList();
        List<Boolean> answers = get(f.mailbox.sweepable(all, Duration.ofSeconds(30)));
        return all.stream().filter(answers::get).toList();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWorthASweepIsKnownBefore(Backend backend) {
        Fixture f = Fixture.on(backend);
        int shard = f.shards.of(POS);
        f.accept(offer(POS, f.message("m1", Duration.ofMinutes(10))));
        assertThat(sweepable(f)).isEmpty();
        f.pass(Duration.ofMinutes(11));
        assertThat(sweepable(f)).containsExactly(shard);
        f.expire(POS);
        assertThat(sweepable(f)).isEmpty();
        f.pass(Duration.ofSeconds(31));
        // Nobody has confirmed the receipt.
        assertThat(sweepable(f)).containsExactly(shard);
        get(f.mailbox.confirm(f.pending(POS)));
        assertThat(sweepable(f)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSessionsEmptyInboxLeavesOnlyWhatASweepTakes(Backend backend) {
        Fixture f = Fixture.on(backend);
        byte[] box = f.key(POS, "box:shop/pos-7");
        Route route = f.register(POS).route();
        Position last = f.accept(offer(POS, f.message("m1", Duration.ofMinutes(10)))).position();
        f.ack(POS, route, last);
        assertThat(get(f.commands().hgetall(box))).hasSize(1);
        assertThat(get(f.commands().pttl(box))).isEqualTo(-1);
        f.pass(Duration.ofMinutes(11));
        assertThat(f.expire(POS)).isEmpty();
        assertThat(get(f.commands().exists(f.key(POS, "expiry")))).isZero();
        get(f.mailbox.unregister(POS, route));
        assertThat(get(f.commands().pttl(box))).isPositive();
        assertThat(f.accept(POS, "m2").previous()).isEqualTo(last);
        assertThat(get(f.commands().pttl(box))).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void takesOutWhatExpiredWhereverItStands(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(offer(POS, f.message("m1", Duration.ofMinutes(30))));
        f.accept(offer(POS, f.message("m2", Duration.ofMinutes(10))));
        f.accept(offer(POS, f.message("m3", Duration.ofHours(1))));
        f.accept(offer(POS, f.message("m4", Duration.ofMinutes(20))));
        assertThat(f.expire(POS)).isEmpty();

        f.pass(Duration.ofMinutes(11));
        assertThat(told(f.expire(POS))).containsExactly("expired:m2");
        assertThat(f.expire(POS)).isEmpty();
        f.pass(Duration.ofMinutes(20));
        assertThat(told(f.expire(POS))).containsExactly("expired:m1", "expired:m4");
        assertThat(f.inbox(POS)).containsExactly("m3");
        f.pass(Duration.ofMinutes(30));
        assertThat(told(f.expire(POS))).containsExactly("expired:m3");
        assertThat(get(f.commands().exists(f.key(POS, "expiry")))).isZero();
        assertThat(f.counted(MailboxMeters.ENDED, "how", "expired")).isEqualTo(4);
        assertThat(f.pending(POS)).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void anIndexThatIsTooEarlyIsMoved(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        OfferResult.Accepted first = f.accept(offer(POS, f.message("m1", Duration.ofMinutes(10))));
        f.accept(POS, "m2");
        f.ack(POS, route, first.position());
        f.pass(Duration.ofMinutes(11));
        assertThat(f.expire(POS)).isEmpty();
        assertThat(get(f.commands().zscore(f.key(POS, "expiry"), Bytes.of("shop/pos-7"))))
                .isGreaterThan((double) (f.now() + Duration.ofMinutes(40).toMillis()));
    }

    @ParameterizedTest
    @EnumSource
    void anEmptiedInboxDisarms(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.register(POS);
        f.accept(offer(POS, f.message("m1", Duration.ofSeconds(2))));
        f.pass(Duration.ofSeconds(6));
        f.expire(POS);
        assertThat(f.claim(POS)).isEmpty();
        assertThat(get(f.commands().exists(f.key(POS, "due")))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void repeatedCallsTakeAllThoughEachIsBounded(Backend backend) {
        MailboxConfig defaults = MailboxConfig.defaults();
        Fixture f = Fixture.on(backend, new MailboxConfig(1, 1000, defaults.backoff(), 0, 512));
        List<Offer> offers = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            DeviceKey device = new DeviceKey("shop", "d" + i % 60);
            offers.add(offer(device, f.message("m" + i, Duration.ofMinutes(1))));
        }
        f.offer(offers.toArray(Offer[]::new));
        f.pass(Duration.ofMinutes(2));

        Set<String> ids = new HashSet<>();
        List<OutboxReceipt> some;
        do {
            some = get(f.mailbox.expire(0, 20));
            assertThat(some).hasSizeLessThan(30);
            some.forEach(r -> ids.add(r.receipt().id()));
        } while (!some.isEmpty());
        assertThat(ids).hasSize(600);
    }

    @ParameterizedTest
    @EnumSource
    void devicesWithoutASessionAreForgottenAfter90Days(Backend backend) {
        Fixture f = Fixture.on(backend);
        DeviceKey connected = sameShardAs(POS, f);
        get(f.mailbox.unregister(POS, f.register(POS).route()));
        f.register(connected);
        f.pass(Duration.ofDays(89));
        f.expire(POS);
        assertThat(get(f.mailbox.status(POS)).platform()).isEqualTo("pos");
        f.pass(Duration.ofDays(2));
        await("the sweep after its sets have let it go")
                .until(
                        () -> {
                            f.expire(POS);
                            return get(f.mailbox.status(POS)).platform() == null;
                        });
        assertThat(get(f.mailbox.status(connected)).platform()).isEqualTo("pos");
        assertThat(get(f.mailbox.route(connected))).isPresent();
    }

    private static DeviceKey sameShardAs(DeviceKey device, Fixture f) {
        for (int i = 0; ; i++) {
            DeviceKey other = new DeviceKey("shop", "other" + i);
            if (f.shards.of(other) == f.shards.of(device)) {
                return other;
            }
        }
    }
}
