package io.pushgate.mailbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.MailboxCounters.Ended;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.runtime.redis.RedisConnection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * All Redis state of devices: what waits for each, where it is connected, when it is overdue.
 *
 * <p>A device belongs to one of S shards by a hash of {@code app/device}. Its keys carry the hash
 * tag of the shard, so that one Lua script changes all of them at once, on a cluster too. Every
 * change is one script, which stands beside this class as a resource. Times are those of Redis:
 * clocks of roles don't matter.
 *
 * <p>Keys of shard N, with the tag <code>{sN}</code>; a field or member "device" is {@code
 * app/device}:
 *
 * <table>
 * <caption>Keys</caption>
 * <tr><td>{@code sessions}</td><td>hash: device to {@code node|number|since|platform|version}; there
 *     while the session is registered. The session number only grows per device.</td></tr>
 * <tr><td>{@code devices}</td><td>hash: device to {@code number|platform|user} of its newest session;
 *     kept for 90 days after the session ended.</td></tr>
 * <tr><td>{@code lastseen}</td><td>sorted set: device by when a session began or ended last; finds
 *     what is to be forgotten.</td></tr>
 * <tr><td>{@code due}</td><td>sorted set, the due index: device by when its oldest unacked message is
 *     overdue. A device in it is <i>armed</i>: it has a session and messages wait.</td></tr>
 * <tr><td>{@code attempts}</td><td>hash: device to redeliveries since it was armed.</td></tr>
 * <tr><td>{@code expiry}</td><td>sorted set: device by its earliest expiry, or earlier; as long as its
 *     inbox is not empty, and while there is a session until the next sweep after that.</td></tr>
 * <tr><td>{@code outbox}</td><td>stream of receipts, field {@code r}: {@code
 *     status|at|attempt|device|id|reason}. A script that ends a message's life adds its receipt in
 *     the same step; whoever ran it produces the receipt to Kafka and then confirms it, and what
 *     stays is swept by the delayer. It can't outgrow what waited in the inboxes.</td></tr>
 * <tr><td>{@code groups}</td><td>hash: device to the groups it belongs to, by its token and by the
 *     API, and whether their sets follow; there as long as the device is known. See {@link
 *     Groups}.</td></tr>
 * <tr><td>{@code inbox:<device>}</td><td>stream: what waits, by position; fields {@code i} message id,
 *     {@code a} accepted at, {@code x} expires at, {@code f} flags (r receipt, t trace, z zstd: the
 *     frame itself names its dictionary, if any; f the first ack decides), and where there is one
 *     {@code c} collapse key. Always in this order. At most the cap. No lifetime: it goes when it is
 *     empty, at the latest by the sweep of what expired, so nothing leaves it uncounted.</td></tr>
 * <tr><td>{@code box:<device>}</td><td>hash beside the inbox: a position to its payload, {@code
 *     c:<collapse key>} to the position of the newest message with it, {@code last} to the position
 *     last given. Payloads lie here and not in the stream, so that an ack or a sweep of a thousand
 *     messages doesn't read them. When the inbox is empty only {@code last} is kept, for as long
 *     as there is a session and 8 days more, so that positions never go back.</td></tr>
 * <tr><td>{@code seen:<day>:<device>}</td><td>hash: message id to {@code position origin}, of one day
 *     since 1970 (UTC); for 48 hours from its first. Today's and yesterday's are asked. A third word
 *     says how the message ended if it was not acked, or {@code recall} or {@code sibling} if it was
 *     taken back before it was offered.</td></tr>
 * <tr><td>{@code mark}</td><td>empty string, for a minute: what was written last before replicas were
 *     waited for.</td></tr>
 * </table>
 *
 * <p>With the tag <code>{sN}</code> by a hash of {@code app/id}, see {@link Messages}:
 *
 * <table>
 * <caption>Keys of messages</caption>
 * <tr><td>{@code to:<app>/<id>}</td><td>{@code N} or, once it is recalled, {@code R}, then its
 *     lifetime in ms and the targets of the requests with this id, as JSON, a line each; for as long
 *     as {@code mailbox.recall-for} says, and where the first ack decides as long as that may come.
 *     </td></tr>
 * <tr><td>{@code scheduled}</td><td>sorted set: {@code app/id} of a request that waits for its time,
 *     by when it is due or, once it is being handed on, due again; see {@link Schedule}.</td></tr>
 * <tr><td>{@code requests}</td><td>hash: {@code app/id} of such a request to {@code origin|request}.
 *     </td></tr>
 * <tr><td>{@code requests:bytes}</td><td>the size of that hash, which has a bound.</td></tr>
 * <tr><td>{@code way:<app>/<id>/<group>}</td><td>{@code log} or {@code inbox}: how the message went to
 *     the group, so that it goes there the same way again; for 25 hours.</td></tr>
 * <tr><td>{@code first:<app>/<id>}</td><td>the device that acked it first; for 8 days.</td></tr>
 * </table>
 *
 * <p>With the tag <code>{d:APP}</code>, the dictionaries that payloads of an app are compressed
 * with:
 *
 * <table>
 * <caption>Keys of dictionaries</caption>
 * <tr><td>{@code dictionaries}</td><td>hash: dictionary id to {@code version|from|bytes|samples},
 *     where from is when writing with it begins; {@code last} to the version last given. At most 16
 *     versions.</td></tr>
 * <tr><td>{@code dictionary:<id>}</td><td>string: the dictionary, in zstd's format. No lifetime while
 *     it is the newest; then 8 days from when its successor is written with, a day more than a
 *     message may wait.</td></tr>
 * </table>
 *
 * <p>Broadcast logs, and how far devices have got in them, lie in the same shards: see {@link
 * BroadcastLogs}.
 *
 * <p>With the tag <code>{uN}</code>, by a hash of {@code app/user}: {@code user:<app>/<user>}, a
 * hash of at most 100 devices to {@code platform|last seen}, kept for 400 days; see {@link
 * UserDevices}. With the tag <code>{gN}</code>, by a hash of the rest of the name, sorted sets of
 * devices by name: {@code group:<part>:<app>/<group>}, 4 parts, and {@code app:<part>:<app>}, 64; a
 * device leaves them when it is forgotten. With the tag <code>{xN}</code>: see {@link Expansions}.
 *
 * <p>What only the console needs has keys of its own, which their classes describe: {@link
 * ApiKeys}, {@link AppLimits}, {@link MessageIndex}, {@link ProcessReports}, {@link ToldEnds},
 * {@link Traces}.
 *
 * <p>The process: {@link #offer} appends and arms. {@link #ack} trims; it arms anew if more waits,
 * else disarms. {@link #claim} takes the armed devices that are overdue and arms them with the next
 * wait; after the last it ends the session, so the device is disarmed until {@link #register}.
 * {@link #expire} sweeps. What is offered ends in exactly one of these ways: trimmed, expired,
 * overflowed, superseded, recalled or unreadable.
 *
 * <p>Any thread may call; nothing blocks. Stages complete on Lettuce's threads, which must not be
 * blocked, or fail with a {@link io.lettuce.core.RedisException}; then it is unknown whether the
 * change was made, and every method may simply be called again.
 */
public final class Mailbox implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

    private final Shards shards;
    private final Decoder decoder;
    private final MailboxCounters counters;
    private final Payloads payloads;
    private final RedisReads reads;
    private final UserDevices users;
    private final SureWrites writes;
    private final OfferScript offer;
    private final BroadcastLogs logs;
    private final RegisterScript register;
    private final UnregisterScript unregister;
    private final FetchScript fetch;
    private final AckScript ack;
    private final ClaimScript claim;
    private final GiveBackScript giveBack;
    private final DueScript due;
    private final SweepableScript sweepable;
    private final ConfirmScript confirm;
    private final ExpireScript expire;
    private final DiscardScript discard;
    private final Groups groups;
    private final Expansions expansions;
    private final PendingScript pending;
    private final Messages messages;
    private final Schedule schedule;
    private final FindScript find;
    private final Traces traces;
    private final RecentScript recent;

    public Mailbox(RedisConnection redis, MailboxConfig config, MeterRegistry registry) {
        this(redis, config, registry, () -> 0);
    }

    /**
     * @param shiftMillis what is added to the clock of Redis, read at each call; for tests
     */
    public Mailbox(
            RedisConnection redis,
            MailboxConfig config,
            MeterRegistry registry,
            LongSupplier shiftMillis) {
        shards = new Shards(config.shards());
        decoder = new Decoder(registry);
        counters = new MailboxCounters(registry);
        payloads = Payloads.open(redis, config, decoder, registry, shiftMillis);
        reads = new RedisReads(redis);
        users = new UserDevices(redis, shards, decoder, shiftMillis);
        ShardScripts scripts = new ShardScripts(redis, shards, config, shiftMillis);
        writes = new SureWrites(redis, shards, config.minReplicas());
        offer = new OfferScript(scripts, decoder, config.inboxCap());
        logs =
                new BroadcastLogs(
                        redis, shards, scripts, writes, decoder, payloads, config.logs(), registry);
        register = new RegisterScript(scripts, decoder);
        unregister = new UnregisterScript(scripts);
        fetch = new FetchScript(scripts, decoder, payloads);
        ack = new AckScript(scripts, decoder);
        claim = new ClaimScript(scripts, decoder);
        giveBack = new GiveBackScript(scripts);
        due = new DueScript(scripts);
        sweepable = new SweepableScript(scripts);
        confirm = new ConfirmScript(scripts);
        expire = new ExpireScript(scripts, decoder);
        discard = new DiscardScript(scripts, decoder);
        pending = new PendingScript(scripts, decoder);
        messages = new Messages(reads, scripts, decoder, counters, config.recallFor());
        schedule =
                new Schedule(
                        writes,
                        shards,
                        new ScheduleScripts(scripts, config.scheduledBytes() / config.shards()),
                        counters);
        traces = new Traces(redis, registry);
        find = new FindScript(scripts, decoder);
        recent = new RecentScript(scripts);
        groups =
                new Groups(
                        scripts,
                        new AudienceSets(redis, shards, AudienceSets.MAX_PER_PART),
                        reads,
                        decoder,
                        counters,
                        redis);
        expansions = new Expansions(redis, shards, decoder);
    }

    /** What is known of messages by their id. */
    public Messages messages() {
        return messages;
    }

    /** Requests that wait for their time. */
    public Schedule schedule() {
        return schedule;
    }

    /** The logs of broadcasts, which lie in the same shards. */
    public BroadcastLogs logs() {
        return logs;
    }

    /** How many shards there are; they are numbered from 0. */
    public int shards() {
        return shards.count();
    }

    /** Which devices belong to which groups and apps. */
    public Groups groups() {
        return groups;
    }

    /** How far the expansions of requests to many devices are. */
    public Expansions expansions() {
        return expansions;
    }

    /** The form in which messages are offered, stored and carried. */
    public Payloads payloads() {
        return payloads;
    }

    /**
     * Puts messages into inboxes, in the form they are in: see {@link Payloads}. Shards are asked
     * all at once, 64 offers or 1 MiB a call; offers of one device are applied in the order of the
     * list, also when a call fails. Where replicas are demanded ({@code mailbox.min-replicas}) it
     * completes when they have the messages, too.
     *
     * @return the results in the order of the offers; if it fails, some offers may have been taken,
     *     and offering all of them again completes the rest. It fails with a {@link
     *     io.pushgate.runtime.redis.HistoryChangedException} before anything is offered to a
     *     primary that may lack the newest messages
     */
    public CompletionStage<List<OfferResult>> offer(List<Offer> offers) {
        return offer(offers, historyChanges());
    }

    /** How often it has turned out so far that Redis may have lost its newest writes. */
    public long historyChanges() {
        return writes.historyChanges();
    }

    /**
     * The same for one of several who offer, each of which has its own to make up for after a loss:
     * it fails with a {@link io.pushgate.runtime.redis.HistoryChangedException} also where another
     * one of them has met the loss first.
     *
     * @param seenChanges {@link #historyChanges} when the caller last made up for what was lost
     */
    public CompletionStage<List<OfferResult>> offer(List<Offer> offers, long seenChanges) {
        return writes.run(
                        offers,
                        one -> shards.of(one.device()),
                        byShard -> offer.run(offers, byShard),
                        seenChanges)
                .thenApply(
                        results -> {
                            results.forEach(counters::offered);
                            return results;
                        });
    }

    /**
     * Makes a new session the device's only one. It costs one round trip, and two more where the
     * groups of the device have to change.
     *
     * @throws IllegalArgumentException if node or platform hold a {@code |}
     */
    public CompletionStage<Registered> register(Registration registration) {
        DeviceKey device = registration.device();
        String user = registration.user();
        CompletionStage<RegisterScript.Result> registering =
                register.run(registration)
                        .thenCompose(
                                result ->
                                        groups.follow(device, result.groupsRecord())
                                                .thenApply(_ -> result));
        CompletionStage<Long> indexing =
                user == null
                        ? CompletableFuture.completedFuture(0L)
                        : users.add(device, user, registration.platform());
        return registering.thenCombine(
                indexing,
                (result, dropped) -> {
                    counters.registered(result.registered().replaced() != null);
                    counters.ended(Ended.RESUMED, result.trimmed());
                    counters.userDevicesDropped(dropped);
                    leave(device, result.userBefore(), user);
                    return result.registered();
                });
    }

    /** Not waited for: a device that stays in a set too long is left out on reading. */
    private void leave(DeviceKey device, @Nullable String before, @Nullable String now) {
        if (before != null && !before.equals(now)) {
            users.remove(device, before)
                    .whenComplete(
                            (_, failure) -> {
                                if (failure != null) {
                                    log.debug(
                                            "{} stays in the set of its old user", device, failure);
                                }
                            });
        }
    }

    /**
     * Ends a session, if it is still the device's live one.
     *
     * @return whether it was
     */
    public CompletionStage<Boolean> unregister(DeviceKey device, Route route) {
        return unregister.run(device, route);
    }

    /**
     * Reads what waits after a position, without what has expired. Entries that can't be read are
     * counted, taken out, receipted as rejected where the id is known, and left out here.
     *
     * @param limit at most so many messages, 1 to 256; a page also ends after 256 KiB of payload as
     *     it is stored, or 1 MiB as it is read
     */
    public CompletionStage<Page> fetch(DeviceKey device, Position after, int limit) {
        return fetch.run(device, after, limit)
                .thenCompose(
                        result -> {
                            result.corrupt().forEach(position -> discard(device, position));
                            return result.page().entries().isEmpty() && result.page().more()
                                    ? fetch(device, result.end(), limit)
                                    : CompletableFuture.completedFuture(result.page());
                        });
    }

    /** Not waited for: an entry that stays is found again. Its receipt is left to the sweep. */
    private void discard(DeviceKey device, Position position) {
        discard.run(device, position)
                .whenComplete(
                        (result, failure) -> {
                            if (failure != null) {
                                log.debug("unreadable entry of {} stays", device, failure);
                            } else if (result.found()) {
                                counters.ended(Ended.CORRUPT, 1);
                            }
                        });
    }

    /**
     * Takes out of inboxes what devices have processed. Shards are asked all at once, 64 acks a
     * call.
     *
     * @return the results in the order of the acks
     */
    public CompletionStage<List<AckResult>> ack(List<Ack> acks) {
        return ack.run(acks)
                .thenApply(
                        results -> {
                            results.forEach(r -> counters.ended(Ended.ACKED, r.trimmed()));
                            return results;
                        });
    }

    /**
     * Takes the overdue devices of a shard, the longest overdue first; no other caller gets the
     * same before its next wait is over.
     *
     * @param limit at most so many devices, 1 to 256; fewer don't mean that none are left
     * @throws IllegalArgumentException if there is no such shard
     */
    public CompletionStage<List<Claim>> claim(int shard, int limit) {
        return claim.run(shard, limit)
                .thenApply(
                        claims -> {
                            counters.claimed(claims);
                            return claims;
                        });
    }

    /**
     * Undoes a claim that its caller could not see to: the device is overdue again at once, and the
     * attempt does not count.
     *
     * @return whether it was undone; not so where the session is another by now, or was acked or
     *     claimed since
     */
    public CompletionStage<Boolean> giveBack(Claim.Retry claimed) {
        return giveBack.run(claimed);
    }

    /**
     * How long until a device of the shard is overdue or a scheduled request due. A device that is
     * armed later is overdue after the first backoff at the earliest.
     *
     * @throws IllegalArgumentException if there is no such shard
     */
    public CompletionStage<ShardDue> untilDue(int shard) {
        return untilDue(List.of(shard)).thenApply(List::getFirst);
    }

    /** The same of several shards, 64 a call, in their order. */
    public CompletionStage<List<ShardDue>> untilDue(List<Integer> shards) {
        return due.run(shards);
    }

    /**
     * Whether {@link #pending} or {@link #expire} would find anything in shards, 64 a call, in
     * their order.
     */
    public CompletionStage<List<Boolean>> sweepable(List<Integer> shards, Duration olderThan) {
        return sweepable.run(shards, olderThan);
    }

    /**
     * Takes expired messages out of the inboxes of a shard; also forgets devices that had no
     * session for 90 days.
     *
     * @param limit receipts after which no further inbox is looked at, 1 to 1,000; the last inbox
     *     may add as many as it holds
     * @throws IllegalArgumentException if there is no such shard
     */
    public CompletionStage<List<OutboxReceipt>> expire(int shard, int limit) {
        return expire.run(shard, limit)
                .thenApply(
                        result -> {
                            counters.ended(Ended.EXPIRED, result.expired());
                            result.forgotten().forEach(this::forget);
                            return result.receipts();
                        });
    }

    /** Not waited for: the next sweep finds it again. */
    private void forget(DeviceKey device, String groupsRecord) {
        groups.follow(device, groupsRecord)
                .whenComplete(
                        (_, failure) -> {
                            if (failure != null) {
                                log.debug("{} stays in its groups for now", device, failure);
                            }
                        });
    }

    /**
     * Where the device has its session; whether that node still lives is for {@link NodeLeases}.
     */
    public CompletionStage<Optional<Route>> route(DeviceKey device) {
        return session(device).thenApply(text -> Optional.ofNullable(decoder.route(text)));
    }

    /**
     * The number of the device's newest session, which may have ended; empty if it never had one.
     */
    public CompletionStage<Optional<Long>> newestSession(DeviceKey device) {
        return reads.field(shards.devices(shards.of(device)), device.toString())
                .thenApply(
                        text ->
                                Optional.ofNullable(decoder.device(text))
                                        .map(StoredDevice::number));
    }

    /** The devices of a user, at most 100, in no particular order; two round trips. */
    public CompletionStage<List<UserDevice>> devicesOf(String app, String user) {
        return users.list(app, user);
    }

    /** What is known of the device, read in one go but not at one instant. */
    public CompletionStage<DeviceStatus> status(DeviceKey device) {
        int shard = shards.of(device);
        CompletionStage<Long> seen = reads.score(shards.lastSeen(shard), device.toString());
        CompletionStage<Long> backlog = reads.length(shards.inbox(device));
        CompletionStage<@Nullable StoredDevice> stored =
                reads.field(shards.devices(shard), device.toString()).thenApply(decoder::device);
        return session(device)
                .thenApply(decoder::session)
                .thenCombine(stored, Known::new)
                .thenCombine(seen, Known::withLastSeen)
                .thenCombine(backlog, Known::status);
    }

    /** The steps of traced messages. */
    public Traces traces() {
        return traces;
    }

    /** Where one message of a device stands. */
    public CompletionStage<Found> find(DeviceKey device, String messageId) {
        return find.run(device, messageId);
    }

    /**
     * What the device was offered today and yesterday, the newest first.
     *
     * @param limit at most so many
     */
    public CompletionStage<RecentMessages> recent(DeviceKey device, int limit) {
        return recent.run(device, limit);
    }

    /**
     * Receipts of a shard that were not confirmed for long: their producer is gone.
     *
     * @param limit at most so many, 1 to 1,000, the oldest
     * @throws IllegalArgumentException if there is no such shard
     */
    public CompletionStage<List<OutboxReceipt>> pending(int shard, Duration olderThan, int limit) {
        return pending.run(shard, olderThan, limit)
                .thenCompose(
                        result ->
                                result.corrupt().isEmpty()
                                        ? CompletableFuture.completedFuture(result.receipts())
                                        : remove(shard, result.corrupt())
                                                .thenApply(_ -> result.receipts()));
    }

    /** Takes receipts that Kafka has out of their outboxes; those already gone don't matter. */
    public CompletionStage<Void> confirm(List<OutboxReceipt> receipts) {
        return confirm.run(
                receipts.stream()
                        .map(r -> new ConfirmScript.Place(r.shard(), r.outboxId()))
                        .toList());
    }

    /** Frees memory outside the heap, and nothing else: the connection is its owner's to close. */
    @Override
    public void close() {
        payloads.close();
    }

    private CompletionStage<Long> remove(int shard, List<String> outboxIds) {
        return reads.removeEntries(shards.outbox(shard), outboxIds.toArray(String[]::new));
    }

    private CompletionStage<String> session(DeviceKey device) {
        return reads.field(shards.sessions(shards.of(device)), device.toString());
    }

    private record Known(
            @Nullable StoredSession session, @Nullable StoredDevice device, long lastSeen) {
        Known(@Nullable StoredSession session, @Nullable StoredDevice device) {
            this(session, device, 0);
        }

        Known withLastSeen(long millis) {
            return new Known(session, device, millis);
        }

        DeviceStatus status(long backlog) {
            return new DeviceStatus(
                    session != null,
                    session == null ? null : session.route(),
                    session == null ? 0 : session.since(),
                    lastSeen,
                    device == null ? null : device.platform(),
                    session == null ? null : session.version(),
                    device == null ? null : device.user(),
                    backlog);
        }
    }
}
