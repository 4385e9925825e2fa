package io.pushgate.faults.load;

import io.pushgate.loadtest.machine.Stalls;
import io.pushgate.protocol.Receipt;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of one message. Times are readings of {@link System#nanoTime}. Guarded by the
 * {@link Account}.
 */
final class Life {
    /** One hand-over to the app. */
    record Delivered(long nanos, String node) {}

    /** One receipt as it was read. */
    record Receipted(long nanos, Receipt.Status status, @Nullable String reason) {}

    final int number;
    final int device;
    final int sequence;
    final long sentNanos;
    final List<Delivered> deliveries = new ArrayList<>(1);
    final List<Receipted> receipts = new ArrayList<>(1);
    long publishedNanos;
    String place = "";
    @Nullable String failure;
    boolean outOfOrder;
    int onWire;

    Life(int number, int device, int sequence, long sentNanos) {
        this.number = number;
        this.device = device;
        this.sequence = sequence;
        this.sentNanos = sentNanos;
    }

    boolean isPublished() {
        return publishedNanos != 0;
    }

    boolean isDelivered() {
        return !deliveries.isEmpty();
    }

    /** Whether it was on its way to the app in this stretch of time, if only at its edge. */
    boolean wasUnderWay(Stalls.Interval stretch) {
        return sentNanos - stretch.to() <= 0
                && (!isDelivered() || deliveries.getFirst().nanos() - stretch.from() >= 0);
    }

    /** Whether a receipt said for good that the device does not get it. */
    boolean hasEndedOtherwise() {
        return receipts.stream()
                .anyMatch(r -> r.status().isFinal() && r.status() != Receipt.Status.DELIVERED);
    }

    boolean isDeliveryReceipted() {
        return receipts.stream().anyMatch(r -> r.status() == Receipt.Status.DELIVERED);
    }

    boolean isLost() {
        return isPublished() && !isDelivered() && !hasEndedOtherwise();
    }

    /** Whether all that is due has come: the message and the word about it. */
    boolean isSettled() {
        return failure != null
                || hasEndedOtherwise()
                || (isPublished() && isDelivered() && isDeliveryReceipted());
    }
}
