package io.pushgate.runtime.kafka;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;

/**
 * A record on its way to Kafka.
 *
 * @param result what its sender waits for
 * @param size what it counts for in the buffer, in bytes
 * @param deadline the reading of the ticker at which it is given up if Kafka's client has not got
 *     it
 */
record Outgoing(
        ProducerRecord<byte[], byte[]> record,
        CompletableFuture<RecordMetadata> result,
        int size,
        long deadline) {
    /** Roughly what an empty one takes on the heap, so that many small ones are bounded too. */
    private static final int OVERHEAD = 200;

    static int sizeOf(ProducerRecord<byte[], byte[]> record) {
        long size = OVERHEAD + (long) length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            size += header.key().length() + length(header.value());
        }
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
