package io.pushgate.faults.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.loadtest.machine.Stalls;
import io.pushgate.protocol.Receipt;

import org.junit.jupiter.api.Test;

import java.util.List;

class AccountTest {
    private final Account account = new Account("t-");
    private long now = System.nanoTime();

    @Test
    void whatIsDeliveredOnceWithItsReceiptIsSettled() {
        Life life = publish(1);
        assertThat(account.isSettled()).isFalse();
        deliver(1, life);
        assertThat(account.isSettled()).isFalse();
        receipt(life, Receipt.Status.DELIVERED);
        assertThat(account.isSettled()).isTrue();
        assertThat(account.totals().isClean()).isTrue();
        assertThat(account.offences(10)).isEmpty();
    }

    @Test
    void whatHasAnotherFinalReceiptIsSettledToo() {
        Life expired = publish(1);
        Life unacked = publish(1);
        receipt(expired, Receipt.Status.EXPIRED);
        receipt(unacked, Receipt.Status.UNACKED);
        assertThat(account.unsettled()).isEqualTo(1);
        Account.Totals totals = account.totals();
        assertThat(totals.ended()).isEqualTo(1);
        assertThat(totals.lost()).isEqualTo(1);
    }

    @Test
    void whatNobodyHasHeardOfIsLost() {
        Life life = publish(7);
        assertThat(account.totals().lost()).isEqualTo(1);
        assertThat(account.offences(10))
                .singleElement()
                .satisfies(
                        offence -> {
                            assertThat(offence.what()).isEqualTo("lost");
                            assertThat(offence.id()).isEqualTo(account.id(life));
                            assertThat(offence.device()).isEqualTo(7);
                            assertThat(offence.life()).contains("in Kafka at", "0:1");
                        });
    }

    @Test
    void latenciesLeaveOutWhatWasUnderWayInAStall() {
        long start = now;
        Life before = publish(1);
        deliver(1, before);
        Stalls.Interval stall = new Stalls.Interval(now + 1, now + 50_000_000);
        Life within = publish(2);
        now += 60_000_000;
        deliver(2, within);
        Life after = publish(3);
        deliver(3, after);
        assertThat(account.latencies(start, now + 1, _ -> true, List.of())).hasSize(3);
        long[] quiet = account.latencies(start, now + 1, _ -> true, List.of(stall));
        assertThat(quiet).hasSize(2);
        assertThat(quiet[1]).isLessThan(50_000_000);
    }

    @Test
    void whatKafkaDidNotTakeIsNotOwed() {
        Life life = account.begin(1, now);
        account.failed(life, "no broker");
        assertThat(account.isSettled()).isTrue();
        assertThat(account.totals().published()).isZero();
        assertThat(account.totals().isClean()).isTrue();
    }

    @Test
    void aSecondHandOverIsADouble() {
        Life life = publish(1);
        deliver(1, life);
        deliver(1, life);
        receipt(life, Receipt.Status.DELIVERED);
        assertThat(account.totals().doubled()).isEqualTo(1);
        assertThat(account.totals().outOfOrder()).isZero();
        assertThat(account.totals().isClean()).isFalse();
    }

    @Test
    void orderIsPerDevice() {
        Life first = publish(1);
        Life second = publish(1);
        Life other = publish(2);
        deliver(2, other);
        deliver(1, second);
        deliver(1, first);
        assertThat(account.totals().outOfOrder()).isEqualTo(1);
        assertThat(account.offences(10)).extracting(Account.Offence::what).contains("out of order");
    }

    @Test
    void aHoleInTheOrderIsNoDisorder() {
        publish(1);
        Life second = publish(1);
        deliver(1, second);
        assertThat(account.totals().outOfOrder()).isZero();
    }

    @Test
    void whatAnotherDeviceGetsIsUnknown() {
        Life life = publish(1);
        deliver(2, life);
        account.delivered(1, "stranger", now, "a1");
        account.delivered(1, "t-99", now, "a1");
        assertThat(account.totals().unknown()).isEqualTo(3);
        assertThat(account.totals().isClean()).isFalse();
    }

    @Test
    void aDeliveryWithoutItsReceiptIsNotClean() {
        deliver(1, publish(1));
        assertThat(account.totals().receiptsMissing()).isEqualTo(1);
        assertThat(account.totals().isClean()).isFalse();
    }

    @Test
    void repeatsOnTheWireAreCountedByMessage() {
        Life life = publish(1);
        account.onWire(account.id(life));
        assertThat(account.totals().repeated()).isZero();
        account.onWire(account.id(life));
        account.onWire(account.id(life));
        assertThat(account.totals().repeated()).isEqualTo(1);
    }

    @Test
    void heldUpIsTheLongestPerDeviceFromTheFaultOn() {
        Life before = publish(1);
        long fault = now += 100;
        Life after = publish(1);
        Life other = publish(2);
        now = fault + 5_000;
        deliver(1, before);
        now = fault + 9_000;
        deliver(1, after);
        deliver(2, other);
        assertThat(account.heldUp(fault, Long.MAX_VALUE, device -> device == 1))
                .containsExactly(fault + 9_000 - after.sentNanos);
        assertThat(account.heldUp(fault, Long.MAX_VALUE, _ -> true)).hasSize(2).isSorted();
        assertThat(account.heldUp(fault, before.sentNanos + 1, _ -> true)).containsExactly(5_000);
        assertThat(account.heldUp(fault, Long.MAX_VALUE, device -> device == 2)).hasSize(1);
    }

    private Life publish(int device) {
        Life life = account.begin(device, ++now);
        account.published(life, ++now, "0:1");
        return life;
    }

    private void deliver(int device, Life life) {
        account.delivered(device, account.id(life), now, "a1");
    }

    private void receipt(Life life, Receipt.Status status) {
        account.receipt(new Receipt(account.id(life), "app", "d", status, 1, 0, null), ++now);
    }
}
