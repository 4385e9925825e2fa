package io.pushgate.purger;

import io.pushgate.mailbox.Progress;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.InvalidRequestException;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Target;
import io.pushgate.runtime.kafka.Completions;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A request that is offered chunk by chunk. Used by the thread of the {@link Expander}. */
final class Expansion {
    /** Expansions with the same one follow each other. */
    record Order(String target, Priority priority) {}

    private final ConsumerRecord<byte[], byte[]> record;
    private final Completions done;
    private final PushRequest request;
    private final ExpansionHeaders headers;
    private @Nullable Progress progress;

    private Expansion(
            ConsumerRecord<byte[], byte[]> record,
            Completions done,
            PushRequest request,
            ExpansionHeaders headers) {
        this.record = record;
        this.done = done;
        this.request = request;
        this.headers = headers;
    }

    /**
     * @throws InvalidInputException for anything that {@link Outbound#expand} could not have made
     */
    static Expansion read(ConsumerRecord<byte[], byte[]> record, Completions done)
            throws InvalidInputException {
        byte[] value = record.value();
        try {
            return new Expansion(
                    record,
                    done,
                    PushRequestCodec.decode(value == null ? new byte[0] : value),
                    ExpansionHeaders.read(record.headers()));
        } catch (InvalidRequestException e) {
            throw new InvalidInputException("no request: " + e.getMessage(), e);
        }
    }

    /** Names the target of a request that is expanded; the same for the same devices. */
    static String target(PushRequest request) {
        return request.app()
                + switch (request.to()) {
                    case Target.Device t -> "/device:" + t.device();
                    case Target.Devices t -> "/devices:" + t.devices().hashCode();
                    case Target.User t -> "/user:" + t.user();
                    case Target.Group t -> "/group:" + t.group();
                    case Target.All _ -> "/all";
                };
    }

    PushRequest request() {
        return request;
    }

    /** Tells it from every other one, whoever works on it. */
    String name() {
        return request.app() + "/" + request.id() + "@" + headers.origin();
    }

    Order order() {
        return new Order(target(request), request.priority());
    }

    int lane() {
        return request.priority().lane();
    }

    /** What one chunk is offered as; {@code from} is complete when all of it is durable. */
    Task task(OpenRecord from, boolean recalled) {
        return new Task(from, request, headers.origin(), headers.requestedAt(), recalled);
    }

    ConsumerRecord<byte[], byte[]> record() {
        return record;
    }

    /** How far it is, null where that has to be asked. */
    @Nullable Progress progress() {
        return progress;
    }

    void progress(@Nullable Progress now) {
        progress = now;
    }

    /** Nothing is left of it. */
    void complete() {
        done.complete(record);
    }
}
