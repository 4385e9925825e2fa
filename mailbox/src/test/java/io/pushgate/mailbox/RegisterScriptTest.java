package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Fixture.told;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class RegisterScriptTest {
    @ParameterizedTest
    @EnumSource
    void theFirstSessionOfADevice(Backend backend) {
        Fixture f = Fixture.on(backend);
        Registered registered = f.register(POS);

        assertThat(registered.route().node()).isEqualTo("n1");
        assertThat(registered.route().session())
                .isBetween((f.now() - 5000) * 1000, (f.now() + 5000) * 1000);
        assertThat(registered.tail()).isEqualTo(Position.NONE);
        assertThat(registered.replaced()).isNull();
        assertThat(registered.backlog()).isZero();
        assertThat(registered.receipts()).isEmpty();
        assertThat(get(f.mailbox.route(POS))).contains(registered.route());
        assertThat(get(f.commands().exists(f.key(POS, "due")))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aNewerSessionReplacesTheOlderOne(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route first = f.register(POS).route();
        Registered second =
                get(f.mailbox.register(new Registration(POS, "n2", "pc", "a|b", null, null)));

        assertThat(second.replaced()).isEqualTo(first);
        assertThat(second.route().isNewerThan(first)).isTrue();
        assertThat(get(f.mailbox.route(POS))).contains(second.route());
        assertThat(get(f.mailbox.status(POS)).version()).isEqualTo("a|b");
        assertThat(f.counted(MailboxMeters.REGISTRATIONS, "replaced", "true")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void numbersGrowThoughTheClockStepsBackAndTheSessionHadEnded(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route first = f.register(POS).route();
        f.pass(Duration.ofHours(-1));
        Route second = f.register(POS).route();
        assertThat(second.session()).isEqualTo(first.session() + 1);
        get(f.mailbox.unregister(POS, second));
        assertThat(f.register(POS).route().session()).isEqualTo(first.session() + 2);
    }

    @ParameterizedTest
    @EnumSource
    void whatAnEmptyInboxLeftIsKeptAsLongAsThereIsASession(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route first = f.register(POS).route();
        Position last = f.accept(POS, "m1").position();
        f.ack(POS, first, last);
        get(f.mailbox.unregister(POS, first));
        byte[] box = f.key(POS, "box:shop/pos-7");
        assertThat(get(f.commands().pttl(box))).isPositive();
        assertThat(f.register(POS).tail()).isEqualTo(last);
        assertThat(get(f.commands().pttl(box))).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void aBacklogArmsAndAttemptsBeginAnew(Backend backend) {
        Fixture f = Fixture.on(backend);
        Position last = f.accept(POS, "m1").position();
        Registered registered = f.register(POS);
        assertThat(registered.backlog()).isEqualTo(1);
        assertThat(registered.tail()).isEqualTo(last);

        f.pass(Duration.ofSeconds(6));
        assertThat(f.claim(POS)).containsExactly(new Claim.Retry(POS, registered.route(), 1));
        Route second = f.register(POS).route();
        assertThat(f.claim(POS)).isEmpty();
        f.pass(Duration.ofSeconds(6));
        assertThat(f.claim(POS)).containsExactly(new Claim.Retry(POS, second, 1));
    }

    @ParameterizedTest
    @EnumSource
    void trimsUpToTheLastMessageThatTheClientProcessed(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(POS, "m1");
        f.accept(POS, "m2");
        Position third = f.accept(POS, "m3").position();

        Registered registered = f.register(POS, "m2");
        assertThat(told(registered.receipts())).containsExactly("delivered:m1", "delivered:m2");
        assertThat(registered.backlog()).isEqualTo(1);
        assertThat(registered.tail()).isEqualTo(third);
        assertThat(f.inbox(POS)).containsExactly("m3");
        assertThat(f.counted(MailboxMeters.ENDED, "how", "resumed")).isEqualTo(2);

        assertThat(f.register(POS, "m2").receipts()).isEmpty();
        Registered all = f.register(POS, "m3");
        assertThat(told(all.receipts())).containsExactly("delivered:m3");
        assertThat(all.tail()).isEqualTo(third);
        assertThat(get(f.commands().exists(f.key(POS, "due")))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownLastMessageTrimsNothing(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(POS, "m1");
        assertThat(f.register(POS, "never-heard").backlog()).isEqualTo(1);
        f.accept(POS, "m2");
        f.pass(Duration.ofDays(3));
        assertThat(f.register(POS, "m2").backlog()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aHugeBacklogIsTrimmedAndReceiptedWhole(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(10_000));
        List<Offer> offers = new ArrayList<>();
        for (int i = 0; i < 9_000; i++) {
            offers.add(Fixture.offer(POS, f.message("m" + i)));
        }
        f.offer(offers.toArray(Offer[]::new));
        assertThat(f.register(POS, "m8999").receipts()).hasSize(9_000);
        assertThat(f.inbox(POS)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void namesThatWouldBreakTheRecordAreRefused(Backend backend) {
        Fixture f = Fixture.on(backend);
        assertThatThrownBy(
                        () ->
                                f.mailbox.register(
                                        new Registration(POS, "n|1", "pos", "", null, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("node with a |: n|1");
    }

    @ParameterizedTest
    @EnumSource
    void unregisterEndsOnlyThatSession(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route first = f.register(POS).route();
        Route second = f.register(POS).route();
        f.accept(POS, "m1");

        assertThat(get(f.mailbox.unregister(POS, first))).isFalse();
        assertThat(get(f.mailbox.unregister(POS, new Route("n2", second.session())))).isFalse();
        assertThat(get(f.mailbox.route(POS))).contains(second);

        assertThat(get(f.mailbox.unregister(POS, second))).isTrue();
        assertThat(get(f.mailbox.unregister(POS, second))).isFalse();
        assertThat(get(f.mailbox.route(POS))).isEmpty();
        f.pass(Duration.ofMinutes(5));
        assertThat(f.claim(POS)).isEmpty();
        assertThat(f.accept(POS, "m2").route()).isNull();
        assertThat(f.inbox(POS)).containsExactly("m1", "m2");
    }

    @ParameterizedTest
    @EnumSource
    void statusOfDevicesOnlineOfflineAndUnknown(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route =
                get(f.mailbox.register(new Registration(POS, "n1", "pos", "2.1", "ann", null)))
                        .route();
        f.accept(POS, "m1");
        DeviceStatus online = get(f.mailbox.status(POS));
        assertThat(online.online()).isTrue();
        assertThat(online.route()).isEqualTo(route);
        assertThat(online.since()).isBetween(f.now() - 5000, f.now() + 5000);
        assertThat(online.platform()).isEqualTo("pos");
        assertThat(online.version()).isEqualTo("2.1");
        assertThat(online.user()).isEqualTo("ann");
        assertThat(online.backlog()).isEqualTo(1);

        get(f.mailbox.unregister(POS, route));
        DeviceStatus offline = get(f.mailbox.status(POS));
        assertThat(offline.online()).isFalse();
        assertThat(offline.route()).isNull();
        assertThat(offline.platform()).isEqualTo("pos");
        assertThat(offline.lastSeen()).isGreaterThanOrEqualTo(online.since());

        assertThat(get(f.mailbox.status(new DeviceKey("shop", "other"))))
                .isEqualTo(new DeviceStatus(false, null, 0, 0, null, null, null, 0));
    }

    @ParameterizedTest
    @EnumSource
    void anUnreadableSessionCountsAsOffline(Backend backend) {
        Fixture f = Fixture.on(backend);
        get(f.commands().hset(f.key(POS, "sessions"), Bytes.of("shop/pos-7"), Bytes.of("rubbish")));
        assertThat(get(f.mailbox.route(POS))).isEmpty();
        assertThat(f.errors(MailboxError.CORRUPT_SESSION)).isEqualTo(1);
        assertThat(f.register(POS).replaced()).isNull();
    }
}
