package io.pushgate.loadtest.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.loadtest.control.Plan;
import io.pushgate.loadtest.control.Shape;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Receipt.Status;

import org.junit.jupiter.api.Test;

import java.util.BitSet;

class InquestTest {
    private final Plan plan = new Plan("r", "load", 3, Shape.USER, 10, 2, 20, 10);
    private final BitSet confirmed = new BitSet();
    private final BitSet received = new BitSet();
    private final ReceiptLedger receipts = new ReceiptLedger(plan);

    private int delivery(int message, int copy) {
        return plan.delivery(message, plan.firstDevice(message) + copy);
    }

    private void receipt(int message, int copy, Status status) {
        String device = plan.deviceName(plan.firstDevice(message) + copy);
        receipts.book(
                Receipt.of(plan.messageId(message), new DeviceKey("load", device), status, 1));
    }

    private void goesWell(int message) {
        confirmed.set(message);
        for (int copy = 0; copy < 2; copy++) {
            received.set(delivery(message, copy));
            receipt(message, copy, Status.ACCEPTED);
            receipt(message, copy, Status.DELIVERED);
        }
    }

    private Inquest inquest() {
        Inquest inquest = Inquest.of(plan, confirmed, received, receipts);
        assertThat(inquest.expected())
                .isEqualTo(inquest.delivered() + inquest.ended() + inquest.lost());
        return inquest;
    }

    @Test
    void balances() {
        goesWell(0);
        goesWell(1);
        Inquest inquest = inquest();
        assertThat(inquest.published()).isEqualTo(2);
        assertThat(inquest.delivered()).isEqualTo(4);
        assertThat(inquest.lost() + inquest.unreceipted() + inquest.wronglyReceipted()).isZero();
        assertThat(receipts.ended()).isEqualTo(4);
        assertThat(receipts.counts()).containsEntry(Status.ACCEPTED, 4L);
    }

    @Test
    void whatNobodyHasIsLostAndNamed() {
        goesWell(0);
        confirmed.set(7);
        received.set(delivery(7, 1));
        receipt(7, 1, Status.DELIVERED);
        Inquest inquest = inquest();
        assertThat(inquest.lost()).isEqualTo(1);
        assertThat(inquest.examples()).containsExactly("r-7");
    }

    @Test
    void aReceiptThatLiesIsALossToo() {
        goesWell(0);
        received.clear(delivery(0, 1));
        Inquest inquest = inquest();
        assertThat(inquest.wronglyReceipted()).isEqualTo(1);
        assertThat(inquest.lost()).isEqualTo(1);
    }

    @Test
    void anotherEndWithAReceiptIsNoLoss() {
        confirmed.set(2);
        receipt(2, 0, Status.EXPIRED);
        receipt(2, 0, Status.EXPIRED);
        receipt(2, 1, Status.OVERFLOWED);
        Inquest inquest = inquest();
        assertThat(inquest.ended()).isEqualTo(2);
        assertThat(inquest.lost()).isZero();
        assertThat(receipts.ended()).isEqualTo(2);
        assertThat(receipts.counts()).containsEntry(Status.EXPIRED, 1L);
    }

    @Test
    void aRequestRefusedAsAWholeEndsForAllItsDevices() {
        confirmed.set(2);
        receipts.book(
                new Receipt(
                        plan.messageId(2), "load", null, Status.REJECTED, 1, 0, "no such user"));
        assertThat(inquest().ended()).isEqualTo(2);
    }

    @Test
    void whatArrivedWithoutAReceiptIsCounted() {
        goesWell(0);
        confirmed.set(3);
        received.set(delivery(3, 0), delivery(3, 1) + 1);
        assertThat(inquest().unreceipted()).isEqualTo(2);
        assertThat(Inquest.of(plan, confirmed, received, null).unreceipted()).isZero();
    }

    @Test
    void whatArrivedWasPublishedWhateverKafkaSaid() {
        goesWell(0);
        confirmed.clear();
        assertThat(inquest().published()).isEqualTo(1);
    }

    @Test
    void receiptsOfOthersDoNotCount() {
        receipts.book(Receipt.of("x-1", new DeviceKey("load", "d"), Status.DELIVERED, 1));
        receipts.book(Receipt.of("r-1", new DeviceKey("load", "d"), Status.DELIVERED, 1));
        assertThat(receipts.ended()).isZero();
        assertThat(receipts.counts()).isEmpty();
    }
}
