package io.pushgate.loadtest.run;

import io.pushgate.loadtest.control.Plan;
import io.pushgate.protocol.Receipt;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the receipts of a run say. One thread books; any thread may ask for the sum. */
final class ReceiptLedger {
    private final Plan plan;
    private final BitSet delivered;
    private final BitSet otherwise;
    private final Map<Receipt.Status, Long> counts = new EnumMap<>(Receipt.Status.class);
    private final AtomicLong ended = new AtomicLong();

    ReceiptLedger(Plan plan) {
        this.plan = plan;
        this.delivered = new BitSet(plan.deliveries());
        this.otherwise = new BitSet(plan.deliveries());
    }

    /** Books a receipt, if it is of this run; the same one may come again, and counts once. */
    void book(Receipt receipt) {
        int message = plan.messageOf(receipt.id());
        if (message < 0) {
            return;
        }
        String name = receipt.device();
        if (name == null) {
            int first = plan.firstDevice(message);
            for (int device = first; device < first + plan.fanOut(message); device++) {
                book(message, device, receipt.status());
            }
            return;
        }
        int device = plan.deviceOf(name);
        if (device >= 0 && plan.isFor(message, device)) {
            book(message, device, receipt.status());
        }
    }

    private synchronized void book(int message, int device, Receipt.Status status) {
        int delivery = plan.delivery(message, device);
        if (!status.isFinal()) {
            counts.merge(status, 1L, Long::sum);
            return;
        }
        BitSet bits = status == Receipt.Status.DELIVERED ? delivered : otherwise;
        if (bits.get(delivery)) {
            return;
        }
        if (!delivered.get(delivery) && !otherwise.get(delivery)) {
            ended.incrementAndGet();
        }
        bits.set(delivery);
        counts.merge(status, 1L, Long::sum);
    }

    /** Deliveries with a final receipt. */
    long ended() {
        return ended.get();
    }

    /** Whether the business was told that the device has it. */
    synchronized boolean saysDelivered(int delivery) {
        return delivered.get(delivery);
    }

    /** Whether the business was told that the device will not get it. */
    synchronized boolean saysOtherwise(int delivery) {
        return otherwise.get(delivery);
    }

    /** Of each status. */
    synchronized Map<Receipt.Status, Long> counts() {
        return new EnumMap<>(counts);
    }
}
