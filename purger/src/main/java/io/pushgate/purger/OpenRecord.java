package io.pushgate.purger;

import io.pushgate.runtime.kafka.Completions;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A record and how much of what it caused is not durable yet. It is complete when everything that
 * was {@link #opened} is {@link #closed}. Any thread.
 */
final class OpenRecord {
    private final ConsumerRecord<byte[], byte[]> record;
    private final Completions done;

    /** Starts at one for the handler itself, which closes it when it has opened everything else. */
    private final AtomicInteger open = new AtomicInteger(1);

    OpenRecord(ConsumerRecord<byte[], byte[]> record, Completions done) {
        this.record = record;
        this.done = done;
    }

    void opened() {
        open.incrementAndGet();
    }

    void closed() {
        if (open.decrementAndGet() == 0) {
            done.complete(record);
        }
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }
}
