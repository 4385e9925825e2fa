package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Word to the business about one message and device; the value of {@code push.receipts}, keyed by
 * message id.
 *
 * @param device null where the request was refused before it had devices
 * @param at epoch milliseconds
 * @param attempt deliveries tried, 0 where it does not apply
 */
public record Receipt(
        String id,
        String app,
        @Nullable String device,
        Status status,
        long at,
        int attempt,
        @Nullable String reason) {

    public static Receipt of(String id, DeviceKey device, Status status, long at) {
        return new Receipt(id, device.app(), device.device(), status, at, 0, null);
    }

    /** What became of the message. A {@link #isFinal final} status comes last and once. */
    public enum Status {
        ACCEPTED,
        DELIVERED,
        EXPIRED,
        OVERFLOWED,
        UNACKED,
        RECALLED,
        SUPERSEDED,
        DUPLICATE,
        REJECTED;

        /** The lower-case name used on the wire. */
        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /**
         * Whether no other status of the same message and device follows. An unacked message waits
         * in the inbox for the next connect; a duplicate is word about the repeated request, not
         * about the message.
         */
        public boolean isFinal() {
            return switch (this) {
                case DELIVERED, EXPIRED, OVERFLOWED, RECALLED, SUPERSEDED, REJECTED -> true;
                case ACCEPTED, UNACKED, DUPLICATE -> false;
            };
        }

        /**
         * Whether it is sent without being asked for: the business always learns of what did not
         * arrive.
         */
        public boolean isUnasked() {
            return switch (this) {
                case EXPIRED, OVERFLOWED, UNACKED, RECALLED, SUPERSEDED, REJECTED -> true;
                case ACCEPTED, DELIVERED, DUPLICATE -> false;
            };
        }
    }
}
