package io.pushgate.access;

import io.pushgate.mailbox.Ack;
import io.pushgate.mailbox.AckResult;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.Page;
import io.pushgate.mailbox.Registered;
import io.pushgate.mailbox.Registration;
import io.pushgate.mailbox.Traces;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The mailbox, as sessions see it: whatever goes wrong fails the stage, and is never thrown. */
record MailboxInbox(Mailbox mailbox, String nodeId) implements Inbox {
    @Override
    public CompletionStage<Registered> register(Registration registration) {
        return Async.ask(() -> mailbox.register(registration));
    }

    @Override
    public CompletionStage<Page> fetch(DeviceKey device, Position after, int limit) {
        return Async.ask(() -> mailbox.fetch(device, after, limit));
    }

    @Override
    public CompletionStage<List<AckResult>> ack(List<Ack> acks) {
        return Async.ask(() -> mailbox.ack(acks));
    }

    @Override
    public CompletionStage<Boolean> unregister(DeviceKey device, Route route) {
        return Async.ask(() -> mailbox.unregister(device, route));
    }

    @Override
    public CompletionStage<Optional<Route>> route(DeviceKey device) {
        return Async.ask(() -> mailbox.route(device));
    }

    @Override
    public @Nullable Message unpack(DeviceKey device, Message message) {
        return mailbox.payloads().unpack(device.app(), message);
    }

    @Override
    public void written(DeviceKey device, String messageId, int attempt) {
        boolean first = attempt == 0;
        mailbox.traces()
                .step(
                        device,
                        messageId,
                        first ? Traces.Kind.WRITTEN : Traces.Kind.REDELIVERED,
                        nodeId,
                        first ? "" : "attempt " + attempt);
    }
}
