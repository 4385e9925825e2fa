package io.pushgate.runtime.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where a {@link BatchHandler} says which records are complete. */
public interface Completions {
    /**
     * Everything that {@code record} asked for is durable, so its offset may be committed once all
     * before it are complete too; any thread, any order. A second call, or one for a partition that
     * went to another member, does nothing.
     */
    void complete(ConsumerRecord<byte[], byte[]> record);

    /** {@link #complete} for each of {@code records}. */
    default void completeAll(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        records.forEach(this::complete);
    }
}
