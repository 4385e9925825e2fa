package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Fixture.offer;
import static io.pushgate.mailbox.Fixture.told;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

class AckScriptTest {
    @ParameterizedTest
    @EnumSource
    void isCumulativeAndIdempotent(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        f.accept(POS, "m1");
        Position second = f.accept(POS, "m2").position();
        f.accept(POS, "m3");

        AckResult first = f.ack(POS, route, second);
        assertThat(first.device()).isEqualTo(POS);
        assertThat(first.trimmed()).isEqualTo(2);
        assertThat(first.current()).isTrue();
        assertThat(told(first.receipts())).containsExactly("delivered:m1", "delivered:m2");
        assertThat(f.ack(POS, route, second)).isEqualTo(new AckResult(POS, 0, true, List.of()));
        assertThat(f.inbox(POS)).containsExactly("m3");
        assertThat(f.pending(POS)).isEqualTo(first.receipts());
    }

    @ParameterizedTest
    @EnumSource
    void onlyMessagesThatAskedForItAreReceipted(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        f.accept(offer(POS, new Message("m1", 1, f.now() + 9999, false, false, new byte[] {'1'})));
        Position second = f.accept(POS, "m2").position();
        assertThat(told(f.ack(POS, route, second).receipts())).containsExactly("delivered:m2");
    }

    @ParameterizedTest
    @EnumSource
    void whoeverAcksAMessageThatTheFirstAckDecidesIsOnlyAContender(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        Message quiet = new Message("m1", 1, f.now() + 9999, false, false, new byte[] {'1'});
        Position first =
                f.accept(new Offer(POS, quiet, "0:1", Set.of(), null, true, false)).position();
        Position second =
                f.accept(new Offer(POS, f.message("m2"), "0:1", Set.of(), null, true, false))
                        .position();

        List<OutboxReceipt> contenders = f.ack(POS, route, second).receipts();
        assertThat(contenders)
                .extracting(OutboxReceipt::contender)
                .containsExactly(
                        new OutboxReceipt.Contender(first, false),
                        new OutboxReceipt.Contender(second, true));
        assertThat(told(contenders)).containsExactly("delivered:m1", "delivered:m2");
        assertThat(f.pending(POS)).isEqualTo(contenders);
    }

    @ParameterizedTest
    @EnumSource
    void aPositionBeyondTheTailTrimsNothingThatComesLater(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        f.accept(POS, "m1");
        Position far = new Position(Long.MAX_VALUE, Long.MAX_VALUE);
        assertThat(f.ack(POS, route, far).trimmed()).isEqualTo(1);
        f.accept(POS, "m2");
        assertThat(f.inbox(POS)).containsExactly("m2");
    }

    @ParameterizedTest
    @EnumSource
    void progressArmsAnewAndTheLastOneDisarms(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        Position first = f.accept(POS, "m1").position();
        Position second = f.accept(POS, "m2").position();
        f.pass(Duration.ofSeconds(6));
        assertThat(f.claim(POS)).containsExactly(new Claim.Retry(POS, route, 1));

        f.pass(Duration.ofSeconds(6));
        f.ack(POS, route, first);
        f.pass(Duration.ofSeconds(4));
        f.ack(POS, route, first);
        f.pass(Duration.ofMillis(1100));
        assertThat(f.claim(POS)).containsExactly(new Claim.Retry(POS, route, 1));

        f.ack(POS, route, second);
        f.pass(Duration.ofMinutes(5));
        assertThat(f.claim(POS)).isEmpty();
        assertThat(get(f.commands().exists(f.key(POS, "due"), f.key(POS, "attempts")))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aLateAckOfAnEndedSessionTrimsButIsNotCurrent(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route old = f.register(POS).route();
        Position first = f.accept(POS, "m1").position();
        f.accept(POS, "m2");
        Route live = f.register(POS).route();

        AckResult late = f.ack(POS, old, first);
        assertThat(late.current()).isFalse();
        assertThat(told(late.receipts())).containsExactly("delivered:m1");
        assertThat(get(f.mailbox.route(POS))).contains(live);
        f.pass(Duration.ofSeconds(6));
        assertThat(f.claim(POS)).containsExactly(new Claim.Retry(POS, live, 1));

        get(f.mailbox.unregister(POS, live));
        assertThat(f.ack(POS, live, new Position(Long.MAX_VALUE, 0)).trimmed()).isEqualTo(1);
        assertThat(get(f.commands().exists(f.key(POS, "due")))).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void manyDevicesInOneCall(Backend backend) {
        Fixture f = Fixture.on(backend);
        List<Ack> acks = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            DeviceKey device = new DeviceKey("shop", "d" + i);
            Route route = f.register(device).route();
            acks.add(new Ack(device, route, f.accept(device, "m" + i).position()));
        }
        List<AckResult> results = get(f.mailbox.ack(acks));
        for (int i = 0; i < 300; i++) {
            assertThat(results.get(i).device()).isEqualTo(acks.get(i).device());
            assertThat(told(results.get(i).receipts())).containsExactly("delivered:m" + i);
        }
        assertThat(f.counted(MailboxMeters.ENDED, "how", "acked")).isEqualTo(300);
        assertThat(get(f.mailbox.ack(List.of()))).isEmpty();
    }
}
