package io.pushgate.protocol;

/** One order to the access node that holds a device; the value of {@code push.deliveries}. */
public sealed interface Delivery {
    DeviceKey device();

    /** The session the order is meant for, as known when it was made. */
    Route route();

    /**
     * A message for the device.
     *
     * @param position its place in the inbox
     * @param previous the place of the message before it, {@link Position#NONE} where unknown
     */
    record Push(
            DeviceKey device, Route route, Position position, Position previous, Message message)
            implements Delivery {}

    /** Send again what is unacked, from the inbox; {@code attempt} counts from 1. */
    record Redeliver(DeviceKey device, Route route, int attempt) implements Delivery {}

    /** A message was taken back: it is not to be sent any more, or its sending taken back, too. */
    record Recall(DeviceKey device, Route route, Position position, String id)
            implements Delivery {}

    /** The groups of the device have changed: the node is to look them up. */
    record Regroup(DeviceKey device, Route route) implements Delivery {}

    /** Close the session. */
    record Disconnect(DeviceKey device, Route route, CloseReason reason) implements Delivery {}
}
