package io.pushgate.runtime.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.concurrent.atomic.AtomicLong;

/** How much was polled and is not complete, and whether that is too much; any thread. */
final class InFlight {
    private final long maxRecords;
    private final long maxBytes;
    private final AtomicLong records = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    InFlight(long maxRecords, long maxBytes) {
        this.maxRecords = maxRecords;
        this.maxBytes = maxBytes;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        records.incrementAndGet();
        bytes.addAndGet(size(record));
    }

    void remove(ConsumerRecord<byte[], byte[]> record) {
        records.decrementAndGet();
        bytes.addAndGet(-size(record));
    }

    long records() {
        return records.get();
    }

    long bytes() {
        return bytes.get();
    }

    /** Above half of a limit: fetching has to pause, so that the next batch still fits. */
    boolean isHigh() {
        return records.get() > maxRecords / 2 || bytes.get() > maxBytes / 2;
    }

    /** Down to a quarter of both limits: fetching may go on. */
    boolean isLow() {
        return records.get() <= maxRecords / 4 && bytes.get() <= maxBytes / 4;
    }

    private static long size(ConsumerRecord<byte[], byte[]> record) {
        // A null key or value has size -1.
        return (long) Math.max(0, record.serializedKeySize())
                + Math.max(0, record.serializedValueSize());
    }
}
