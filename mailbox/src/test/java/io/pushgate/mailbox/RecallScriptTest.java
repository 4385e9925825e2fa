package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Fixture.offer;
import static io.pushgate.mailbox.Fixture.only;
import static io.pushgate.mailbox.Fixture.told;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Set;

class RecallScriptTest {
    @ParameterizedTest
    @EnumSource
    void takesAWaitingMessageOutOnce(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(POS, "m1");
        Position second = f.accept(POS, "m2").position();
        f.accept(POS, "m3");

        RecallResult.Withdrawn out = (RecallResult.Withdrawn) recall(f, "m2");
        assertThat(out.position()).isEqualTo(second);
        assertThat(out.route()).isNull();
        assertThat(told(out.receipts())).containsExactly("recalled:m2");
        assertThat(only(out.receipts()).reason()).isNull();
        assertThat(f.inbox(POS)).containsExactly("m1", "m3");
        assertThat(recall(f, "m2")).isEqualTo(new RecallResult.Ended(POS, "recalled"));
        assertThat(told(f.pending(POS))).containsExactly("recalled:m2");
        assertThat(f.counted(MailboxMeters.ENDED, "how", "recalled")).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void tellsWhereTheDeviceIsConnectedAndDisarmsIt(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        Position sent = f.accept(POS, "m1").position();

        RecallResult.Withdrawn out = (RecallResult.Withdrawn) recall(f, "m1");
        assertThat(out.route()).isEqualTo(route);
        f.pass(Duration.ofMinutes(5));
        assertThat(f.claim(POS)).isEmpty();
        // It was on the wire, and the device acks it.
        assertThat(f.ack(POS, route, sent)).isEqualTo(new AckResult(POS, 0, true, List.of()));
        assertThat(told(f.pending(POS))).containsExactly("recalled:m1");
    }

    @ParameterizedTest
    @EnumSource
    void comesTooLateForWhatHasEnded(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        f.ack(POS, route, f.accept(POS, "acked").position());
        f.accept(new Offer(POS, f.message("older"), "0:1", Set.of(), "key"));
        f.accept(new Offer(POS, f.message("newer"), "0:1", Set.of(), "key"));
        f.accept(offer(POS, f.message("short", Duration.ofMinutes(1))));
        f.pass(Duration.ofMinutes(2));
        f.expire(POS);
        for (int i = 0; i < 5; i++) {
            f.accept(POS, "m" + i);
        }

        assertThat(recall(f, "acked")).isEqualTo(new RecallResult.Acked(POS));
        assertThat(recall(f, "older")).isEqualTo(new RecallResult.Ended(POS, "superseded"));
        assertThat(recall(f, "short")).isEqualTo(new RecallResult.Ended(POS, "expired"));
        assertThat(recall(f, "newer")).isEqualTo(new RecallResult.Ended(POS, "overflowed"));
        assertThat(told(f.pending(POS)))
                .containsExactly(
                        "delivered:acked", "superseded:older", "expired:short", "overflowed:newer");
    }

    @ParameterizedTest
    @EnumSource
    void keepsADeviceFromAMessageThatWasNotOfferedYet(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.register(POS);
        assertThat(recall(f, "m1")).isEqualTo(new RecallResult.NotOffered(POS));
        assertThat(recall(f, "m1")).isEqualTo(new RecallResult.NotOffered(POS));
        assertThat(f.pending(POS)).isEmpty();

        OfferResult.Recalled first =
                (OfferResult.Recalled) f.offer(offer(POS, f.message("m1"))).getFirst();
        assertThat(first.sameOrigin()).isTrue();
        assertThat(told(first.receipts())).containsExactly("recalled:m1");
        assertThat(f.offer(offer(POS, f.message("m1"))))
                .containsExactly(new OfferResult.Recalled(true, List.of()));
        assertThat(f.offer(new Offer(POS, f.message("m1"), "0:2", Set.of(), null)))
                .containsExactly(new OfferResult.Recalled(false, List.of()));
        assertThat(f.inbox(POS)).isEmpty();
        assertThat(recall(f, "m1")).isEqualTo(new RecallResult.Ended(POS, "recalled"));
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceThatWasNotMeantHasNoReceipt(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.register(POS);
        recall(f, "m1");
        assertThat(f.offer(new Offer(POS, f.message("m1"), "0:1", Set.of("web"), null)))
                .containsExactly(new OfferResult.WrongPlatform());
        assertThat(f.pending(POS)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anOfferThatComesRecalledIsOnlyReceipted(Backend backend) {
        Fixture f = Fixture.on(backend);
        Offer late = new Offer(POS, f.message("m1"), "0:1", Set.of(), null, false, true);
        OfferResult.Recalled refused = (OfferResult.Recalled) f.offer(late).getFirst();
        assertThat(told(refused.receipts())).containsExactly("recalled:m1");
        assertThat(f.offer(late)).containsExactly(new OfferResult.Recalled(true, List.of()));
        assertThat(f.inbox(POS)).isEmpty();

        f.accept(POS, "m2");
        Offer again = new Offer(POS, f.message("m2"), "0:1", Set.of(), null, false, true);
        assertThat(f.offer(again).getFirst()).isInstanceOf(OfferResult.Duplicate.class);
    }

    @ParameterizedTest
    @EnumSource
    void findsAMessageWhoseIdIsForgottenOnlyWhereItIsToSearch(Backend backend) {
        Fixture f = Fixture.on(backend);
        DeviceKey idle = new DeviceKey("shop", "idle");
        f.accept(offer(POS, f.message("m1", Duration.ofDays(7))));
        f.pass(Duration.ofDays(3));

        assertThat(withdraw(f, List.of(POS, idle), "m2", RecallScript.Why.RECALL, true))
                .containsExactly(
                        new RecallResult.Ended(POS, "forgotten"),
                        new RecallResult.Ended(idle, "forgotten"));
        List<RecallResult> found = withdraw(f, List.of(POS), "m1", RecallScript.Why.SIBLING, true);
        RecallResult.Withdrawn out = (RecallResult.Withdrawn) found.getFirst();
        assertThat(only(out.receipts()))
                .extracting(Receipt::status, Receipt::reason)
                .containsExactly(Receipt.Status.RECALLED, "acked by a sibling");
        assertThat(f.inbox(POS)).isEmpty();
    }

    private static RecallResult recall(Fixture f, String id) {
        return withdraw(f, List.of(POS), id, RecallScript.Why.RECALL, false).getFirst();
    }

    private static List<RecallResult> withdraw(
            Fixture f, List<DeviceKey> devices, String id, RecallScript.Why why, boolean search) {
        return get(f.mailbox.messages().withdraw(devices, id, why, search));
    }
}
