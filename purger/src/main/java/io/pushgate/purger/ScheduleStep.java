package io.pushgate.purger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.Schedule;
import io.pushgate.mailbox.ScheduleResult;
import io.pushgate.mailbox.ScheduledRequest;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts requests aside whose time has not come. When it has, a delayer writes them to {@code
 * push.requests} again, with {@link Topics#DUE_HEADER}: from then on they are like any other, but
 * keep the origin that they came with at first, so that one that is written twice is a repeat.
 */
final class ScheduleStep {
    private static final int MAX_ORIGIN = 64;

    private final Schedule schedule;
    private final RedisCalls redis;
    private final LostWrites lost;
    private final Outbound outbound;
    private final InstantSource clock;
    private final Counter scheduled;

    ScheduleStep(
            Schedule schedule,
            RedisCalls redis,
            LostWrites lost,
            Outbound outbound,
            InstantSource clock,
            MeterRegistry registry) {
        this.schedule = schedule;
        this.redis = redis;
        this.lost = lost;
        this.outbound = outbound;
        this.clock = clock;
        this.scheduled = Meters.counter(registry, PurgerMeters.SCHEDULED);
    }

    /** Why the request can't wait so long, null if it can or needn't. */
    static @Nullable String refusal(PushRequest request, long now) {
        long latest = now + PushRequest.MAX_DELAY.toMillis();
        return request.deliverAt() > latest
                ? "deliverAt must be at most %d days ahead, so now at most %d, not %d"
                        .formatted(PushRequest.MAX_DELAY.toDays(), latest, request.deliverAt())
                : null;
    }

    /** Whether the request has to wait. */
    static boolean isEarly(Intake.Valid one, long now) {
        return one.request().deliverAt() > now && !isDue(one.record());
    }

    /** Whether it waited, and its time has come. */
    static boolean isDue(ConsumerRecord<byte[], byte[]> record) {
        return origin(record) != null;
    }

    /** What tells the record from all others, also when it comes again. */
    static String originOf(ConsumerRecord<byte[], byte[]> record) {
        String origin = origin(record);
        return origin == null
                ? Topics.originOf(record.topic(), record.partition(), record.offset())
                : origin;
    }

    private static @Nullable String origin(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(Topics.DUE_HEADER);
        byte @Nullable [] value = header == null ? null : header.value();
        if (value == null || value.length > MAX_ORIGIN) {
            return null;
        }
        String origin = new String(value, UTF_8);
        return origin.matches("(?:[a-z]+:)?\\d+:\\d+") ? origin : null;
    }

    /**
     * Returns when all are kept, or answered.
     *
     * @param early each with what is left of its record, closed here
     */
    void run(List<Intake.Valid> early, List<OpenRecord> open) throws InterruptedException {
        if (early.isEmpty()) {
            return;
        }
        List<Schedule.Timed> timed = new ArrayList<>(early.size());
        for (Intake.Valid one : early) {
            PushRequest request = one.request();
            timed.add(
                    new Schedule.Timed(
                            new ScheduledRequest(
                                    request.app(),
                                    request.id(),
                                    originOf(one.record()),
                                    one.record().value()),
                            request.deliverAt()));
        }
        List<ScheduleResult> results =
                redis.untilAnswered(
                        "schedule", () -> schedule.add(timed, lost.seen()), lost::rewindIfLost);
        for (int i = 0; i < results.size(); i++) {
            answer(early.get(i).request(), results.get(i), open.get(i));
            open.get(i).closed();
        }
    }

    private void answer(PushRequest request, ScheduleResult result, OpenRecord open)
            throws InterruptedException {
        switch (result) {
            case SCHEDULED -> scheduled.increment();
            case REPEATED -> {}
            case DUPLICATE -> {
                if (request.receipt()) {
                    outbound.receipt(open, receipt(request, Receipt.Status.DUPLICATE, null));
                }
            }
            case FULL ->
                    outbound.receipt(
                            open,
                            receipt(
                                    request,
                                    Receipt.Status.REJECTED,
                                    "too many requests wait for their deliverAt"));
        }
    }

    private Receipt receipt(PushRequest request, Receipt.Status status, @Nullable String reason) {
        return new Receipt(request.id(), request.app(), null, status, clock.millis(), 0, reason);
    }
}
