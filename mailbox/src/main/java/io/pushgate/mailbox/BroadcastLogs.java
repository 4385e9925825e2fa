package io.pushgate.mailbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.runtime.telemetry.Meters;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Logs that many devices read: a broadcast is one entry, however many they are, and each device has
 * a cursor in each log it follows.
 *
 * <p>A log lies in the shard of {@code app/log}. Keys of shard N, beside those of {@link Mailbox}
 * and with the same tag <code>{sN}</code>:
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><td>{@code log:<app>/<log>}</td><td>stream: the messages by position; fields {@code i} message
 *     id, {@code a} accepted at, {@code x} expires at, {@code f} flags as in an inbox, {@code o}
 *     platforms, separated by commas, {@code p} the position given before it, {@code d} payload.
 *     Always in this order. Retention is by count and age ({@code mailbox.logs}); whoever is further
 *     behind sees it by {@code p}. Goes when nothing was appended for as long as it keeps
 *     messages.</td></tr>
 * <tr><td>{@code recalled:<app>/<log>}</td><td>sorted set: positions of messages in the log that were
 *     recalled, by their milliseconds. They stay in the log, as the next entry names them, and are
 *     read without their payload. Goes with the log.</td></tr>
 * <tr><td>{@code logtails}</td><td>hash: {@code app/log} to the position last given, {@code app/log
 *     recalls} to how many recalls there were, {@code app/all groups} to when something was about to
 *     go into the log of one of its groups last. For ever, about 100 bytes a log, so that positions
 *     never go back and a cursor of any age can be judged.</td></tr>
 * <tr><td>{@code seen:<day>:log:<app>/<log>}</td><td>hash, as for an inbox: message id to {@code
 *     position origin end}.</td></tr>
 * <tr><td>{@code cursors}</td><td>hash, in the shard of the device: device to {@code log position log
 *     position …}. The log of its app gets its entry, with the log's tail at that time, when the
 *     device follows it for the first time; that of a group when the device comes into the group,
 *     with the time, in the same step. That goes when it leaves the group, and at a connect more than
 *     14 days later, twice as long as a log may keep a message: whoever has none begins so long ago.
 *     Goes with the device's record, 90 days after its last session.</td></tr>
 * <tr><td>{@code grouplogs:<app>}</td><td>sorted set, in the shard of {@code app/all}: groups that have
 *     a log, by when something was about to go into it last. For 14 days after that.</td></tr>
 * </table>
 *
 * <p>Threads and failures are as described at {@link Mailbox}.
 */
public final class BroadcastLogs {
    /** Fields of a log among the ends, see {@link #fieldsOf}. */
    private static final int FIELDS = 3;

    private final Shards shards;
    private final RedisReads reads;
    private final SureWrites writes;
    private final LogAppendScript append;
    private final LogFetchScript fetch;
    private final LogRecallScript recall;
    private final CursorScripts cursors;
    private final GroupLogScripts groupLogs;
    private final NodeLeases nodes;
    private final Counter accepted;
    private final Counter duplicate;
    private final Counter refused;
    private final Counter recalled;

    BroadcastLogs(
            RedisConnection redis,
            Shards shards,
            ShardScripts scripts,
            SureWrites writes,
            Decoder decoder,
            Payloads payloads,
            MailboxConfig.LogConfig config,
            MeterRegistry registry) {
        this.shards = shards;
        this.reads = new RedisReads(redis);
        this.writes = writes;
        this.append = new LogAppendScript(scripts, config);
        this.fetch = new LogFetchScript(scripts, decoder, payloads);
        this.recall = new LogRecallScript(scripts, config);
        this.cursors = new CursorScripts(scripts);
        this.groupLogs = new GroupLogScripts(scripts);
        this.nodes = new NodeLeases(redis, registry);
        this.accepted = Meters.counter(registry, MailboxMeters.LOG_APPENDS, "result", "accepted");
        this.duplicate = Meters.counter(registry, MailboxMeters.LOG_APPENDS, "result", "duplicate");
        this.refused = Meters.counter(registry, MailboxMeters.LOG_APPENDS, "result", "recalled");
        this.recalled = Meters.counter(registry, MailboxMeters.LOG_RECALLS);
    }

    /**
     * Appends messages to their logs, in the order of the list per log; what is said of {@link
     * Mailbox#offer} about replicas, failures and repetition holds here, too. One to the log of a
     * group costs a round trip more, before: nodes have to find that the group has one.
     *
     * @return the results in the order of the offers
     */
    public CompletionStage<List<LogResult>> append(List<LogOffer> offers) {
        return append(offers, writes.historyChanges());
    }

    /**
     * The same for one of several who append, as {@link Mailbox#offer(List, long)}.
     *
     * @param seenChanges {@link Mailbox#historyChanges} when the caller last made up for what was
     *     lost
     */
    public CompletionStage<List<LogResult>> append(List<LogOffer> offers, long seenChanges) {
        return mark(offers, seenChanges)
                .thenCompose(
                        _ ->
                                writes.run(
                                        offers,
                                        offer -> shards.of(offer.log()),
                                        byShard -> append.run(offers, byShard),
                                        seenChanges))
                .thenApply(this::count);
    }

    private CompletionStage<?> mark(List<LogOffer> offers, long seenChanges) {
        List<LogKey> ofGroups =
                offers.stream()
                        .map(LogOffer::log)
                        .filter(log -> log.group() != null)
                        .distinct()
                        .toList();
        return ofGroups.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : writes.run(
                        ofGroups,
                        groupLogs::shardOf,
                        byShard -> groupLogs.mark(ofGroups, byShard),
                        seenChanges);
    }

    /**
     * Which groups of an app have a log, those that nothing went into for 14 days left out.
     *
     * @param since only those that something was about to go into since then, by the clock of Redis
     *     (epoch ms); 0 for all
     */
    public CompletionStage<GroupLogs> groupLogs(String app, long since) {
        return groupLogs.marked(app, since);
    }

    private List<LogResult> count(List<LogResult> results) {
        for (LogResult result : results) {
            switch (result) {
                case LogResult.Accepted _ -> accepted.increment();
                case LogResult.Duplicate _ -> duplicate.increment();
                case LogResult.Recalled _ -> refused.increment();
            }
        }
        return results;
    }

    /**
     * Reads what follows a position.
     *
     * @param limit at most so many messages, 1 to 256; a page also ends after 256 KiB of stored
     *     payload
     */
    public CompletionStage<LogPage> fetch(LogKey log, Position after, int limit) {
        return fetch.after(log, after, limit);
    }

    /** Reads the newest messages, in the order of the log; bounds as for {@link #fetch}. */
    public CompletionStage<LogPage> newest(LogKey log, int limit) {
        return fetch.newest(log, limit);
    }

    /**
     * Takes a message out of its log; one that is not in it yet is kept out for a day.
     *
     * @param search whether the log may have forgotten the id, and is to be looked through
     */
    CompletionStage<LogRecallScript.Result> recall(LogKey log, String id, boolean search) {
        return recall.run(log, id, search)
                .thenApply(
                        result -> {
                            if (result instanceof LogRecallScript.Result.Withdrawn) {
                                recalled.increment();
                            }
                            return result;
                        });
    }

    /** The nodes that are to hear of a recall. */
    NodeLeases nodes() {
        return nodes;
    }

    /** How far each log reaches, left out where nothing is known of it. */
    public CompletionStage<Map<LogKey, LogEnd>> ends(Collection<LogKey> logs) {
        Map<LogKey, LogEnd> found = new HashMap<>();
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        logs.stream()
                .distinct()
                .collect(Collectors.groupingBy(shards::of))
                .forEach(
                        (shard, ofShard) ->
                                calls.add(
                                        reads.fields(
                                                        shards.logTails(shard),
                                                        ofShard.stream()
                                                                .flatMap(BroadcastLogs::fieldsOf)
                                                                .toList())
                                                .thenAccept(
                                                        values -> collect(ofShard, values, found))
                                                .toCompletableFuture()));
        return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .thenApply(_ -> found);
    }

    private static Stream<String> fieldsOf(LogKey log) {
        return Stream.of(log.toString(), log + " recalls", log + " groups");
    }

    private static void collect(List<LogKey> logs, List<String> values, Map<LogKey, LogEnd> found) {
        for (int i = 0; i < logs.size(); i++) {
            String position = values.get(FIELDS * i);
            long groupsAt = number(values.get(FIELDS * i + 2));
            if (!position.isEmpty() || groupsAt > 0) {
                LogEnd end =
                        new LogEnd(
                                position.isEmpty() ? Position.NONE : Decoder.position(position),
                                number(values.get(FIELDS * i + 1)),
                                groupsAt);
                synchronized (found) {
                    found.put(logs.get(i), end);
                }
            }
        }
    }

    private static long number(String text) {
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /**
     * Where the device stands in each log, by what was saved; a log it has not followed before
     * begins for it at the given position, which is saved.
     *
     * @param tails where each log ends that the device follows now, by name
     */
    public CompletionStage<Map<String, Position>> openCursors(
            DeviceKey device, Map<String, Position> tails) {
        return cursors.open(device, tails);
    }

    /**
     * The same for logs of groups that the device belongs to: it begins where it came into the
     * group.
     *
     * @param logs their names
     */
    public CompletionStage<Map<String, Position>> openGroupCursors(
            DeviceKey device, List<String> logs) {
        return cursors.openOfGroups(device, logs);
    }

    /**
     * Saves how far devices have got; a cursor never goes back by it. In the log of a group that a
     * device has left it has none.
     */
    public CompletionStage<Void> saveCursors(List<LogCursors> moved) {
        return cursors.save(moved);
    }
}
