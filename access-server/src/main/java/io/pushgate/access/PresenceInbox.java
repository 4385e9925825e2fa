package io.pushgate.access;

import io.pushgate.mailbox.Ack;
import io.pushgate.mailbox.AckResult;
import io.pushgate.mailbox.Page;
import io.pushgate.mailbox.Registered;
import io.pushgate.mailbox.Registration;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.PresenceEvent;
import io.pushgate.protocol.PresenceEvent.Kind;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Tells of sessions that began and ended, as the mailbox has it: an end that came too late, as the
 * device is connected again, is none.
 */
record PresenceInbox(Inbox inbox, InstantSource clock, Consumer<PresenceEvent> events)
        implements Inbox {
    @Override
    public CompletionStage<Registered> register(Registration registration) {
        return inbox.register(registration)
                .thenApply(
                        registered -> {
                            events.accept(
                                    new PresenceEvent(
                                            Kind.CONNECTED,
                                            registration.device(),
                                            registered.route(),
                                            clock.millis(),
                                            registration.platform(),
                                            registration.user(),
                                            registered.replaced()));
                            return registered;
                        });
    }

    @Override
    public CompletionStage<Boolean> unregister(DeviceKey device, Route route) {
        return inbox.unregister(device, route)
                .thenApply(
                        ended -> {
                            if (ended) {
                                events.accept(
                                        new PresenceEvent(
                                                Kind.DISCONNECTED,
                                                device,
                                                route,
                                                clock.millis(),
                                                null,
                                                null,
                                                null));
                            }
                            return ended;
                        });
    }

    @Override
    public @Nullable Message unpack(DeviceKey device, Message message) {
        return inbox.unpack(device, message);
    }

    @Override
    public CompletionStage<Page> fetch(DeviceKey device, Position after, int limit) {
        return inbox.fetch(device, after, limit);
    }

    @Override
    public CompletionStage<List<AckResult>> ack(List<Ack> acks) {
        return inbox.ack(acks);
    }

    @Override
    public CompletionStage<Optional<Route>> route(DeviceKey device) {
        return inbox.route(device);
    }

    @Override
    public void written(DeviceKey device, String messageId, int attempt) {
        inbox.written(device, messageId, attempt);
    }
}
