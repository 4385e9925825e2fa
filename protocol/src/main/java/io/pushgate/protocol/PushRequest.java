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
        boolean receipt,
        boolean trace) {

    public static final Duration MAX_TTL = Duration.ofDays(7);

    /**
     * A request with every default: it waits for 7 days, has normal priority and asks for no
     * receipts.
     */
    public static PushRequest of(String id, String app, Target to, byte[] data) {
        return new PushRequest(id, app, to, data, MAX_TTL, Priority.NORMAL, null, false, false);
    }

    public PushRequest withReceipt() {
        return new PushRequest(id, app, to, data, ttl, priority, collapse, true, trace);
    }

    public PushRequest withTtl(Duration newTtl) {
        return new PushRequest(id, app, to, data, newTtl, priority, collapse, receipt, trace);
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
                && receipt == that.receipt
                && trace == that.trace;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                id, app, to, Arrays.hashCode(data), ttl, priority, collapse, receipt, trace);
    }
}
