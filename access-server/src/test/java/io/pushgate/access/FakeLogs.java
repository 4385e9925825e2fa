package io.pushgate.access;

import io.pushgate.mailbox.GroupLogs;
import io.pushgate.mailbox.LogCursors;
import io.pushgate.mailbox.LogEnd;
import io.pushgate.mailbox.LogPage;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** One broadcast log, {@code shop/all}, in memory, and one device's cursors. One thread. */
final class FakeLogs implements LogSource {
    static final LogKey ALL = LogKey.all("shop");

    final List<Position> fetchedAfter = new ArrayList<>();
    final Map<String, Position> saved = new HashMap<>();
    boolean away;
    private final NavigableMap<Position, Broadcast> entries = new TreeMap<>();

    /** What is packed can't be read until a page has been fetched. */
    boolean lacksDictionary;

    private Position tail = Position.NONE;
    private long recalls;

    Broadcast append(long millis, String... platforms) {
        return append(millis, Long.MAX_VALUE, platforms);
    }

    Broadcast append(long millis, long expiresAt, String... platforms) {
        Position position = new Position(millis, 0);
        Message message =
                new Message(
                        "b" + millis,
                        1,
                        expiresAt,
                        false,
                        false,
                        "{}".getBytes(StandardCharsets.UTF_8));
        Broadcast entry = new Broadcast(ALL, position, tail, Set.of(platforms), message);
        entries.put(position, entry);
        tail = position;
        return entry;
    }

    /** Retention takes what is not above. */
    void trim(long upTo) {
        entries.headMap(new Position(upTo, 0), true).clear();
    }

    /** Takes a message back, and returns the word of it. */
    NodeMessage.Recalled recall(long millis) {
        Position position = new Position(millis, 0);
        entries.computeIfPresent(
                position,
                (at, entry) -> Broadcast.recalled(ALL, at, entry.previous(), entry.message().id()));
        return new NodeMessage.Recalled(ALL, position, "b" + millis, ++recalls);
    }

    @Override
    public CompletionStage<LogPage> fetch(LogKey log, Position after, int limit) {
        fetchedAfter.add(after);
        lacksDictionary = false;
        return answer(() -> page(log, after, entries.tailMap(after, false), limit));
    }

    @Override
    public @Nullable Message unpack(LogKey log, Message message) {
        return message.compressed() && lacksDictionary
                ? null
                : message.with(false, message.payload());
    }

    @Override
    public CompletionStage<LogPage> newest(LogKey log, int limit) {
        return answer(() -> page(log, Position.NONE, entries, limit));
    }

    private LogPage page(
            LogKey log, Position after, NavigableMap<Position, Broadcast> from, int limit) {
        if (!log.equals(ALL)) {
            return new LogPage(List.of(), after, false, Position.NONE, 0);
        }
        List<Broadcast> page = from.values().stream().limit(limit).toList();
        Position end = page.isEmpty() ? after : page.getLast().position();
        return new LogPage(page, end, from.size() > page.size(), tail, recalls);
    }

    @Override
    public CompletionStage<Map<LogKey, LogEnd>> ends(Collection<LogKey> logs) {
        return answer(
                () -> logs.contains(ALL) ? Map.of(ALL, new LogEnd(tail, recalls, 0)) : Map.of());
    }

    @Override
    public CompletionStage<Map<String, Position>> openCursors(
            DeviceKey device, Map<String, Position> tails) {
        return answer(
                () -> {
                    tails.forEach(saved::putIfAbsent);
                    return Map.copyOf(saved);
                });
    }

    @Override
    public CompletionStage<Void> saveCursors(List<LogCursors> moved) {
        return answer(
                () -> {
                    moved.forEach(one -> saved.putAll(one.positions()));
                    return null;
                });
    }

    @Override
    public CompletionStage<GroupLogs> groupLogs(String app, long since) {
        return answer(() -> new GroupLogs(1, Set.of()));
    }

    @Override
    public CompletionStage<List<String>> groupsOf(DeviceKey device) {
        return answer(List::of);
    }

    @Override
    public CompletionStage<Map<String, Position>> openGroupCursors(
            DeviceKey device, List<String> logs) {
        return answer(Map::of);
    }

    private <T> CompletionStage<T> answer(Supplier<T> answer) {
        return away
                ? CompletableFuture.failedFuture(new IllegalStateException("Redis is away"))
                : CompletableFuture.completedFuture(answer.get());
    }
}
