package io.pushgate.purger;

import io.pushgate.protocol.InvalidRequestException;
import io.pushgate.protocol.PushRequestCodec;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads records of {@code push.requests}; hostile input ends as {@link Intake.Refused}. */
final class RequestReader {
    private RequestReader() {}

    static Intake read(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        if (value == null || value.length == 0) {
            return refused(record, Intake.Kind.EMPTY, "the record has no value");
        }
        if (value.length > PushRequestCodec.MAX_REQUEST_BYTES) {
            return refused(
                    record,
                    Intake.Kind.TOO_LARGE,
                    "the record has %d bytes, more than the %d that a request may have"
                            .formatted(value.length, PushRequestCodec.MAX_REQUEST_BYTES));
        }
        try {
            return new Intake.Valid(record, PushRequestCodec.decode(value));
        } catch (InvalidRequestException e) {
            return new Intake.Refused(
                    record, Intake.Kind.INVALID, String.valueOf(e.getMessage()), e.id(), e.app());
        }
    }

    private static Intake refused(
            ConsumerRecord<byte[], byte[]> record, Intake.Kind kind, String reason) {
        return new Intake.Refused(record, kind, reason, null, null);
    }
}
