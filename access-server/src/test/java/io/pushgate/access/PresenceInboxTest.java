package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.mailbox.Ack;
import io.pushgate.mailbox.AckResult;
import io.pushgate.mailbox.Page;
import io.pushgate.mailbox.Registered;
import io.pushgate.mailbox.Registration;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.PresenceEvent;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

class PresenceInboxTest {
    private static final DeviceKey DEVICE = new DeviceKey("shop", "pos-7");
    private static final Route SESSION = new Route("n2", 7);

    private final List<String> told = new ArrayList<>();
    private boolean live = true;

    private final PresenceInbox inbox =
            new PresenceInbox(
                    new Mailboxes(),
                    InstantSource.fixed(Instant.ofEpochMilli(99)),
                    event -> told.add(text(event)));

    private static String text(PresenceEvent event) {
        return new String(event.encode(), UTF_8);
    }

    /** A mailbox that takes every session, and has the device's session live or not. */
    private final class Mailboxes implements Inbox {
        @Override
        public CompletionStage<Registered> register(Registration registration) {
            return CompletableFuture.completedFuture(
                    new Registered(
                            SESSION, Position.NONE, new Route("n1", 5), 0, List.of(), List.of()));
        }

        @Override
        public @Nullable Message unpack(DeviceKey device, Message message) {
            return null;
        }

        @Override
        public CompletionStage<Page> fetch(DeviceKey device, Position after, int limit) {
            return CompletableFuture.completedFuture(new Page(List.of(), false));
        }

        @Override
        public CompletionStage<List<AckResult>> ack(List<Ack> acks) {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletionStage<Boolean> unregister(DeviceKey device, Route route) {
            return CompletableFuture.completedFuture(live);
        }

        @Override
        public CompletionStage<Optional<Route>> route(DeviceKey device) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    }

    @Test
    void aBeginningAndItsEndAreTold() {
        var _ = inbox.register(new Registration(DEVICE, "n2", "pos", "1", "ann", null));
        var _ = inbox.unregister(DEVICE, SESSION);
        assertThat(told)
                .containsExactly(
                        "{\"event\":\"connected\",\"app\":\"shop\",\"device\":\"pos-7\","
                                + "\"node\":\"n2\",\"session\":\"n2-7\",\"at\":99,"
                                + "\"platform\":\"pos\",\"user\":\"ann\",\"replaced\":\"n1-5\"}",
                        "{\"event\":\"disconnected\",\"app\":\"shop\",\"device\":\"pos-7\","
                                + "\"node\":\"n2\",\"session\":\"n2-7\",\"at\":99}");
    }

    @Test
    void anEndAfterTheNextBeginningIsNone() {
        live = false;
        var _ = inbox.unregister(DEVICE, SESSION);
        assertThat(told).isEmpty();
    }
}
