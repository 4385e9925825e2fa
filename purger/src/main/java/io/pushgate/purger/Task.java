package io.pushgate.purger;

import io.pushgate.protocol.Message;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Target;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A request that is being seen to.
 *
 * @param from what stays open until all that it caused is durable
 * @param origin tells the request from others with its id, and is the same whoever takes it
 * @param requestedAt from when its ttl counts, epoch milliseconds
 * @param recalled whether it was taken back, so that its devices are only told so
 */
record Task(
        OpenRecord from, PushRequest request, String origin, long requestedAt, boolean recalled) {

    /** The task of a record of requests. */
    static Task of(OpenRecord from, PushRequest request, boolean recalled, long now) {
        ConsumerRecord<byte[], byte[]> record = from.record();
        return new Task(
                from,
                request,
                ScheduleStep.originOf(record),
                requestedAt(request, record, now),
                recalled);
    }

    /** A producer's clock that runs ahead must not make a message live longer than its ttl. */
    private static long requestedAt(
            PushRequest request, ConsumerRecord<byte[], byte[]> record, long now) {
        long at = ScheduleStep.isDue(record) ? request.deliverAt() : record.timestamp();
        return at > 0 ? Math.min(at, now) : now;
    }

    /** Whether the devices were chosen one by one, so that each is owed an answer. */
    boolean namesDevices() {
        return switch (request.to()) {
            case Target.Device _, Target.Devices _ -> true;
            case Target.User _, Target.Group _, Target.All _ -> false;
        };
    }

    Message message(long now) {
        return new Message(
                request.id(),
                now,
                requestedAt + request.ttl().toMillis(),
                // Without receipts a trace would not know how it ended.
                request.receipt() || request.trace(),
                request.trace(),
                request.data());
    }
}
