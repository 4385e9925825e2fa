package io.pushgate.client;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;

import org.jspecify.annotations.Nullable;

/** A message for this device, or for all that follow a broadcast log. */
public final class PushMessage {
    private final ServerFrame.Push push;
    private final Deliveries deliveries;

    PushMessage(ServerFrame.Push push, Deliveries deliveries) {
        this.push = push;
        this.deliveries = deliveries;
    }

    /** The id the business chose. */
    public String id() {
        return push.id();
    }

    /** The broadcast log it comes from, null for the device's own inbox. */
    public @Nullable String log() {
        return push.log();
    }

    /** Its place in the device's inbox, or in the log; grows from message to message. */
    public Position position() {
        return push.position();
    }

    /** When the gateway accepted it, epoch milliseconds. */
    public long acceptedAt() {
        return push.at();
    }

    /** The JSON text the business wrote. */
    public String data() {
        return push.data();
    }

    /**
     * Whether the gateway sent it before; this app has not seen it, save for what it did just
     * before a crash.
     */
    public boolean again() {
        return push.again();
    }

    /**
     * With {@link AckMode#MANUAL}: this message <em>and all before it</em>, of the inbox or of its
     * log, are processed. It is in the store when this returns, and acked to the gateway soon
     * after. Any thread; twice is fine. With {@link AckMode#AUTO} it does nothing.
     */
    public void ack() {
        deliveries.ackedByApp(push.position());
    }

    @Override
    public String toString() {
        return "PushMessage[" + push.id() + " at " + push.position() + "]";
    }
}
