package io.pushgate.purger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/**
 * What {@code push.rejected} gets: the original key and value, cut where they would make a record
 * that Kafka doesn't take (producers refuse 1 MiB), and headers that say why and where from.
 */
@SuppressWarnings("ArrayRecordComponent") // handed straight to Kafka, never compared
record RejectedRecord(byte @Nullable [] key, byte[] value, List<Header> headers) {
    static final int MAX_VALUE_BYTES = 512 * 1024;
    static final int MAX_KEY_BYTES = 16 * 1024;

    static RejectedRecord of(Intake.Refused refused) {
        ConsumerRecord<byte[], byte[]> record = refused.record();
        byte @Nullable [] value = record.value();
        String reason = refused.reason();
        if (value == null) {
            value = new byte[0];
        } else if (value.length > MAX_VALUE_BYTES) {
            reason += " (the value is cut to %d bytes here)".formatted(MAX_VALUE_BYTES);
            value = Arrays.copyOf(value, MAX_VALUE_BYTES);
        }
        byte @Nullable [] key = record.key();
        if (key != null && key.length > MAX_KEY_BYTES) {
            key = Arrays.copyOf(key, MAX_KEY_BYTES);
        }
        String source = record.topic() + "-" + record.partition() + "@" + record.offset();
        return new RejectedRecord(
                key,
                value,
                List.of(
                        new RecordHeader(Topics.REASON_HEADER, reason.getBytes(UTF_8)),
                        new RecordHeader(Topics.SOURCE_HEADER, source.getBytes(UTF_8))));
    }
}
