package io.pushgate.purger;

import io.pushgate.protocol.PushRequest;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A record of {@code push.requests} as it was understood. */
sealed interface Intake {
    ConsumerRecord<byte[], byte[]> record();

    /** A request that can be resolved to devices. */
    record Valid(ConsumerRecord<byte[], byte[]> record, PushRequest request) implements Intake {}

    /**
     * A record that goes to {@code push.rejected}.
     *
     * @param reason one sentence for people
     * @param id the request's id where it could be read
     * @param app the request's app where it could be read
     */
    record Refused(
            ConsumerRecord<byte[], byte[]> record,
            Kind kind,
            String reason,
            @Nullable String id,
            @Nullable String app)
            implements Intake {}

    /** Why a record was refused, as a tag value. */
    enum Kind {
        EMPTY,
        TOO_LARGE,
        INVALID
    }
}
