package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a business service asks for, the same on Kafka and over HTTP.
 *
 * @param id the idempotency key: the same app and id within 24 h is the same message
 * @param data the payload, as the JSON text the business wrote, in UTF-8; shared with the caller,
 *     so nobody writes into it
 * @param ttl how long it may wait for the device, 1 s to 7 days
 * @param collapse a newer message with the same key replaces an older undelivered one
 * @param deliverAt when it is to be delivered, epoch milliseconds; 0 or a time that is past for at
 *     once. The ttl counts from then
 * @param cancelOn what takes the copies back that other devices have of it, null for nothing
 * @param receipt whether successes are receipted too; failures always are
 * @param trace whether every step is kept and logged
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below, never copied on the hot path
public record PushRequest(
        String id,
        String app,
        Target to,
        byte[] data,
        Duration ttl,
        Priority priority,
        @Nullable String collapse,
        long deliverAt,
        @Nullable CancelOn cancelOn,
        boolean receipt,
        boolean trace) {

    public static final Duration MAX_TTL = Duration.ofDays(7);

    /** How far ahead {@link #deliverAt} may lie. */
    public static final Duration MAX_DELAY = Duration.ofDays(30);

    /** What takes back the copies of a message. */
    public enum CancelOn {
        /** The first device that acks it keeps it. */
        FIRST_ACK;

        /** The name used on the wire. */
        public String wireName() {
            return "first-ack";
        }
    }

    /** A request for at once, that every device keeps. */
    public PushRequest(
            String id,
            String app,
            Target to,
            byte[] data,
            Duration ttl,
            Priority priority,
            @Nullable String collapse,
            boolean receipt,
            boolean trace) {
        this(id, app, to, data, ttl, priority, collapse, 0, null, receipt, trace);
    }

    /**
     * A request with every default: it waits for 7 days, has normal priority and asks for no
     * receipts.
     */
    public static PushRequest of(String id, String app, Target to, byte[] data) {
        return new PushRequest(id, app, to, data, MAX_TTL, Priority.NORMAL, null, false, false);
    }

    public PushRequest withReceipt() {
        return new PushRequest(
                id, app, to, data, ttl, priority, collapse, deliverAt, cancelOn, true, trace);
    }

    public PushRequest withPriority(Priority newPriority) {
        return new PushRequest(
                id, app, to, data, ttl, newPriority, collapse, deliverAt, cancelOn, receipt, trace);
    }

    public PushRequest withTtl(Duration newTtl) {
        return new PushRequest(
                id, app, to, data, newTtl, priority, collapse, deliverAt, cancelOn, receipt, trace);
    }

    public PushRequest withCollapse(String key) {
        return new PushRequest(
                id, app, to, data, ttl, priority, key, deliverAt, cancelOn, receipt, trace);
    }

    /**
     * @param epochMillis 0 for at once
     */
    public PushRequest withDeliverAt(long epochMillis) {
        return new PushRequest(
                id, app, to, data, ttl, priority, collapse, epochMillis, cancelOn, receipt, trace);
    }

    public PushRequest withCancelOn(CancelOn newCancelOn) {
        return new PushRequest(
                id, app, to, data, ttl, priority, collapse, deliverAt, newCancelOn, receipt, trace);
    }

    /** The same with another payload, JSON text in UTF-8. */
    public PushRequest withData(byte[] newData) {
        return new PushRequest(
                id, app, to, newData, ttl, priority, collapse, deliverAt, cancelOn, receipt, trace);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PushRequest that
                && id.equals(that.id)
                && app.equals(that.app)
                && to.equals(that.to)
                && Arrays.equals(data, that.data)
                && ttl.equals(that.ttl)
                && priority == that.priority
                && Objects.equals(collapse, that.collapse)
                && deliverAt == that.deliverAt
                && cancelOn == that.cancelOn
                && receipt == that.receipt
                && trace == that.trace;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                id,
                app,
                to,
                Arrays.hashCode(data),
                ttl,
                priority,
                collapse,
                deliverAt,
                cancelOn,
                receipt,
                trace);
    }
}
