package io.pushgate.runtime.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.List;

/** What a {@link ConsumerLoop} does with the records of a poll. */
@FunctionalInterface
public interface BatchHandler {
    /**
     * Handles a batch, on the handler thread, one batch at a time, in the order of each partition.
     * It may block for as long as it needs, and may return before the records are durable; the next
     * batch comes after it returned, complete or not. Each record has to be completed at some time,
     * or the commit of its partition stays where it is.
     *
     * <p>If it throws, the records of the batch that are not complete come again, after a backoff
     * and before any later batch; after a {@link RewindException} also what came before them.
     *
     * @param batch never empty; the records of a partition in the order of their offsets
     * @throws InterruptedException when the loop is closed
     */
    void handle(List<ConsumerRecord<byte[], byte[]>> batch, Completions done)
            throws InterruptedException;
}
