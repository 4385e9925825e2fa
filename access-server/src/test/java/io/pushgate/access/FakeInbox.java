package io.pushgate.access;

import io.pushgate.mailbox.Ack;
import io.pushgate.mailbox.AckResult;
import io.pushgate.mailbox.Entry;
import io.pushgate.mailbox.Page;
import io.pushgate.mailbox.Registered;
import io.pushgate.mailbox.Registration;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** One device's inbox in memory; can hold its answers back, and be away. One thread. */
final class FakeInbox implements Inbox {
    final NavigableMap<Position, Message> messages = new TreeMap<>();
    final List<Position> fetchedAfter = new ArrayList<>();
    final List<List<Ack>> ackBatches = new ArrayList<>();
    final List<Registration> registrations = new ArrayList<>();
    final List<Route> unregistered = new ArrayList<>();
    @Nullable Route live;
    @Nullable Route replaced;
    boolean away;
    boolean holdBack;
    private final Queue<Runnable> heldBack = new ArrayDeque<>();

    /** What is packed can't be read until a page has been fetched. */
    boolean lacksDictionary;

    private Position tail = Position.NONE;
    private long numbers;

    /** Appends a message and returns the position before it. */
    Position append(long millis) {
        Position previous = tail;
        tail = new Position(millis, 0);
        messages.put(tail, message("m" + millis));
        return previous;
    }

    static Message message(String id) {
        return new Message(
                id, 1, Long.MAX_VALUE, false, false, "{}".getBytes(StandardCharsets.UTF_8));
    }

    /** Gives the answers that were held back, and goes on answering at once. */
    void answer() {
        holdBack = false;
        while (!heldBack.isEmpty()) {
            heldBack.remove().run();
        }
    }

    @Override
    public CompletionStage<Registered> register(Registration registration) {
        registrations.add(registration);
        return later(
                () -> {
                    Route route = new Route(registration.node(), ++numbers);
                    live = route;
                    return new Registered(
                            route, tail, replaced, messages.size(), List.of(), List.of());
                });
    }

    @Override
    public @Nullable Message unpack(DeviceKey device, Message message) {
        return message.compressed() && lacksDictionary
                ? null
                : message.with(false, message.payload());
    }

    @Override
    public CompletionStage<Page> fetch(DeviceKey device, Position after, int limit) {
        fetchedAfter.add(after);
        lacksDictionary = false;
        return later(
                () -> {
                    List<Entry> entries = new ArrayList<>();
                    messages.tailMap(after, false).entrySet().stream()
                            .limit(limit)
                            .forEach(e -> entries.add(new Entry(e.getKey(), e.getValue())));
                    boolean more =
                            !entries.isEmpty()
                                    && messages.higherKey(entries.getLast().position()) != null;
                    return new Page(entries, more);
                });
    }

    @Override
    public CompletionStage<List<AckResult>> ack(List<Ack> acks) {
        return later(
                () -> {
                    ackBatches.add(acks);
                    List<AckResult> results = new ArrayList<>();
                    for (Ack ack : acks) {
                        NavigableMap<Position, Message> acked = messages.headMap(ack.upTo(), true);
                        int trimmed = acked.size();
                        acked.clear();
                        results.add(
                                new AckResult(
                                        ack.device(),
                                        trimmed,
                                        ack.route().equals(live),
                                        List.of()));
                    }
                    return results;
                });
    }

    @Override
    public CompletionStage<Boolean> unregister(DeviceKey device, Route route) {
        return later(
                () -> {
                    unregistered.add(route);
                    return route.equals(live);
                });
    }

    @Override
    public CompletionStage<Optional<Route>> route(DeviceKey device) {
        return later(() -> Optional.ofNullable(live));
    }

    private <T> CompletionStage<T> later(Supplier<T> answer) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        Runnable give =
                () -> {
                    if (away) {
                        stage.completeExceptionally(new IllegalStateException("Redis is away"));
                    } else {
                        stage.complete(answer.get());
                    }
                };
        if (holdBack) {
            heldBack.add(give);
        } else {
            give.run();
        }
        return stage;
    }
}
