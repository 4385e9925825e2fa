package io.pushgate.protocol;

/**
 * A message as it waits in an inbox and travels to a device.
 *
 * @param id the request's id
 * @param acceptedAt when the gateway accepted it, epoch milliseconds
 * @param expiresAt when it is no longer worth delivering, epoch milliseconds
 * @param receipt whether the business asked for receipts of success
 * @param trace whether its steps are to be logged
 * @param payload JSON text in UTF-8
 */
public record Message(
        String id,
        long acceptedAt,
        long expiresAt,
        boolean receipt,
        boolean trace,
        byte[] payload) {

    public boolean isExpiredAt(long epochMillis) {
        return expiresAt <= epochMillis;
    }
}
