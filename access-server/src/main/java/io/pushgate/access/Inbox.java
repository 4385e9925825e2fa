package io.pushgate.access;

import io.pushgate.mailbox.Ack;
import io.pushgate.mailbox.AckResult;
import io.pushgate.mailbox.Page;
import io.pushgate.mailbox.Registered;
import io.pushgate.mailbox.Registration;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What sessions need of the mailbox; its stages complete on any thread. */
interface Inbox {
    CompletionStage<Registered> register(Registration registration);

    CompletionStage<Page> fetch(DeviceKey device, Position after, int limit);

    CompletionStage<List<AckResult>> ack(List<Ack> acks);

    CompletionStage<Boolean> unregister(DeviceKey device, Route route);

    CompletionStage<Optional<Route>> route(DeviceKey device);

    /**
     * A message from a dispatcher as a device can read it; null where that takes a dictionary that
     * this node does not know yet, or its payload can't be read: then a page of the inbox has it.
     * Returns at once.
     */
    @Nullable Message unpack(DeviceKey device, Message message);

    /**
     * A message that asked for a trace was written to the device's socket; returns at once.
     *
     * @param attempt the redelivery that it was, 0 for the first time
     */
    default void written(DeviceKey device, String messageId, int attempt) {}
}
