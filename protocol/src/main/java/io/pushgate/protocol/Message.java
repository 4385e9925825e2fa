package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;

/**
 * A message as it waits in an inbox and travels to a device.
 *
 * @param id the request's id
 * @param acceptedAt when the gateway accepted it, epoch milliseconds
 * @param expiresAt when it is no longer worth delivering, epoch milliseconds
 * @param receipt whether the business asked for receipts of success
 * @param trace whether its steps are to be logged
 * @param compressed whether the payload is in the form in which the mailbox keeps it; only the
 *     mailbox makes and reads that
 * @param payload JSON text in UTF-8, unless it is compressed; shared with the caller, so nobody
 *     writes into it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below, never copied on the hot path
public record Message(
        String id,
        long acceptedAt,
        long expiresAt,
        boolean receipt,
        boolean trace,
        boolean compressed,
        byte[] payload) {

    /** With its payload as the business gave it. */
    public Message(
            String id,
            long acceptedAt,
            long expiresAt,
            boolean receipt,
            boolean trace,
            byte[] payload) {
        this(id, acceptedAt, expiresAt, receipt, trace, false, payload);
    }

    /** The same message with its payload in another form. */
    public Message with(boolean nowCompressed, byte[] form) {
        return new Message(id, acceptedAt, expiresAt, receipt, trace, nowCompressed, form);
    }

    /**
     * The payload, as a device gets it.
     *
     * @throws IllegalStateException if it is compressed
     */
    public byte[] plainPayload() {
        if (compressed) {
            throw new IllegalStateException("the payload of " + id + " is still compressed");
        }
        return payload;
    }

    public boolean isExpiredAt(long epochMillis) {
        return expiresAt <= epochMillis;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message that
                && id.equals(that.id)
                && acceptedAt == that.acceptedAt
                && expiresAt == that.expiresAt
                && receipt == that.receipt
                && trace == that.trace
                && compressed == that.compressed
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                id, acceptedAt, expiresAt, receipt, trace, compressed, Arrays.hashCode(payload));
    }
}
