package io.pushgate.loadtest;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;

/**
 * What became of each message. Any thread may report, about several messages at once; the sums are
 * exact when all is quiet. Holds 12 bytes a message.
 */
final class Account {
    private static final int CONFIRMED = 1;
    private static final int ACKED = 2;

    /** When the device's callback ran; 0 for not yet. */
    private final AtomicLongArray receivedAt;

    /** Bits of each message. */
    private final AtomicIntegerArray states;

    /** The newest sequence number each device has seen. */
    private final AtomicIntegerArray lastSequence;

    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong acked = new AtomicLong();
    private final LongAdder publishErrors = new LongAdder();
    private final LongAdder doubled = new LongAdder();
    private final LongAdder outOfOrder = new LongAdder();
    private final LongAdder unexpected = new LongAdder();
    private final LongAdder otherReceipts = new LongAdder();

    Account(int messages, int devices) {
        receivedAt = new AtomicLongArray(messages);
        states = new AtomicIntegerArray(messages);
        lastSequence = new AtomicIntegerArray(devices);
    }

    /** Kafka has it. */
    void published(int message) {
        if (mark(message, CONFIRMED)) {
            confirmed.incrementAndGet();
        }
    }

    /** Kafka would not say that it has it. */
    void publishFailed() {
        publishErrors.increment();
    }

    /**
     * A device's callback got it; calls for one device must not overlap.
     *
     * @param nanos when, of the clock the schedule runs on
     * @return whether it was the first time
     */
    boolean received(int device, int message, int sequence, long nanos) {
        if (!receivedAt.compareAndSet(message, 0, nanos == 0 ? 1 : nanos)) {
            doubled.increment();
            return false;
        }
        delivered.incrementAndGet();
        if (sequence > lastSequence.get(device)) {
            lastSequence.set(device, sequence);
        } else {
            outOfOrder.increment();
        }
        return true;
    }

    /** A device got what was never meant for it, or what nobody can read. */
    void unexpected() {
        unexpected.increment();
    }

    /** A {@code delivered} receipt came; the same one may come again. */
    void acked(int message) {
        if (mark(message, ACKED)) {
            acked.incrementAndGet();
        }
    }

    /** A receipt came that tells of another fate. */
    void otherReceipt() {
        otherReceipts.increment();
    }

    /** 0 where it has not come. */
    long receivedAt(int message) {
        return receivedAt.get(message);
    }

    long confirmed() {
        return confirmed.get();
    }

    /** Messages whose publish was answered, one way or the other. */
    long answered() {
        return confirmed.get() + publishErrors.sum();
    }

    long publishErrors() {
        return publishErrors.sum();
    }

    long delivered() {
        return delivered.get();
    }

    long acked() {
        return acked.get();
    }

    long doubled() {
        return doubled.sum();
    }

    long outOfOrder() {
        return outOfOrder.sum();
    }

    long unexpectedCount() {
        return unexpected.sum();
    }

    long otherReceipts() {
        return otherReceipts.sum();
    }

    /** Confirmed by Kafka and not received; walks over all messages. */
    long missing() {
        return count(message -> isConfirmed(message) && receivedAt.get(message) == 0);
    }

    /** Confirmed by Kafka or received all the same; walks over all messages. */
    long published() {
        return count(message -> isConfirmed(message) || receivedAt.get(message) != 0);
    }

    private long count(IntPredicate which) {
        long count = 0;
        for (int i = 0; i < states.length(); i++) {
            if (which.test(i)) {
                count++;
            }
        }
        return count;
    }

    private boolean isConfirmed(int message) {
        return (states.get(message) & CONFIRMED) != 0;
    }

    private boolean mark(int message, int bit) {
        return (states.getAndAccumulate(message, bit, (old, set) -> old | set) & bit) == 0;
    }
}
