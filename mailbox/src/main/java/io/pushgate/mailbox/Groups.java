package io.pushgate.mailbox;

import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Names;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;
import io.pushgate.runtime.redis.RedisConnection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which devices belong to which groups, by their tokens and by the API, and which devices an app
 * has.
 *
 * <p>The truth is a record per device, in its shard. The sets of the groups lie in other shards and
 * follow: whoever changes a record adds the device to sets and removes it, and then notes at the
 * record that this is done, unless the record has changed meanwhile; then it does so again. A
 * change that was answered is thus in the sets; one whose process died is made up for when the
 * device connects again. A group has room for 1,000,000 devices, an app for 16,000,000, spread
 * evenly: see {@link AudienceSets}.
 *
 * <p>A group may have a broadcast log, which its devices follow, see {@link BroadcastLogs}: with
 * the record a device's cursor in that log changes, in the same step. The node that holds the
 * device is told to look its groups up; that word may be lost, and then it does so at its next look
 * at the session.
 *
 * <p>Any thread may call; nothing blocks. Every method may simply be called again where it fails.
 */
public final class Groups {
    private static final Logger log = LoggerFactory.getLogger(Groups.class);

    /** Groups that the API may put one device into; a token may name 100 more. */
    public static final int MAX_OF_DEVICE = 100;

    /** Devices in a page at most. */
    public static final int MAX_PAGE = 10_000;

    /** Changes of one device that may come in between before settling them counts as failed. */
    private static final int MAX_ROUNDS = 10;

    private final MembershipScripts scripts;
    private final AudienceSets sets;
    private final RedisReads reads;
    private final Shards shards;
    private final Decoder decoder;
    private final MailboxCounters counters;
    private final RedisConnection redis;

    Groups(
            ShardScripts shardScripts,
            AudienceSets sets,
            RedisReads reads,
            Decoder decoder,
            MailboxCounters counters,
            RedisConnection redis) {
        this.redis = redis;
        this.scripts = new MembershipScripts(shardScripts);
        this.sets = sets;
        this.reads = reads;
        this.shards = shardScripts.shards();
        this.decoder = decoder;
        this.counters = counters;
    }

    /**
     * Puts a device into a group, also one that never connected.
     *
     * @throws IllegalArgumentException if no group can have this name, see {@link Names#isAddress}
     */
    public CompletionStage<JoinResult> join(DeviceKey device, String group) {
        if (!Names.isAddress(group)) {
            throw new IllegalArgumentException("no name of a group: " + group);
        }
        return scripts.join(device, group, MAX_OF_DEVICE)
                .thenCompose(
                        change ->
                                change.done()
                                        ? follow(device, change.record())
                                                .thenCompose(full -> joined(device, group, full))
                                        : CompletableFuture.completedFuture(
                                                new JoinResult.TooMany()));
    }

    private CompletionStage<JoinResult> joined(DeviceKey device, String group, Set<String> full) {
        if (full.contains(group)) {
            return leave(device, group).thenApply(_ -> new JoinResult.Full());
        }
        tell(device);
        return CompletableFuture.completedFuture(new JoinResult.Joined());
    }

    /**
     * Takes a device out of a group that the API put it into.
     *
     * @return whether it belongs to the group no longer; not so where its token names the group
     */
    public CompletionStage<Boolean> leave(DeviceKey device, String group) {
        return scripts.leave(device, group)
                .thenCompose(change -> follow(device, change.record()).thenApply(_ -> change))
                .thenApply(
                        change -> {
                            tell(device);
                            return change.done();
                        });
    }

    /** Not waited for: the node looks by itself, if seldom. */
    private void tell(DeviceKey device) {
        reads.field(shards.sessions(shards.of(device)), device.toString())
                .thenCompose(session -> tell(device, decoder.route(session)))
                .whenComplete(
                        (_, failure) -> {
                            if (failure != null) {
                                log.debug("new groups of {} not told to its node", device, failure);
                            }
                        });
    }

    private CompletionStage<?> tell(DeviceKey device, @Nullable Route route) {
        if (route == null) {
            return CompletableFuture.completedFuture(null);
        }
        NodeMessage.Timed word =
                new NodeMessage.Timed(new Delivery.Regroup(device, route), StageTimes.NONE);
        return NodeBus.publish(redis, route.node(), new NodeMessage.Batch("", List.of(word)));
    }

    /** The groups of a device, in no particular order. */
    public CompletionStage<List<String>> of(DeviceKey device) {
        return reads.field(shards.groups(shards.of(device)), device.toString())
                .thenApply(text -> text.isEmpty() ? List.of() : parsed(text).groups());
    }

    /** How many devices an audience has. */
    public CompletionStage<Long> size(Audience audience) {
        return sets.size(audience);
    }

    /**
     * A page of an audience. Devices that belong to it all the time are each in exactly one page of
     * those that follow each other from {@link AudienceCursor#START}; who joins or leaves meanwhile
     * may be in one.
     *
     * @param platforms narrows it to devices that last connected with one of these, or never did;
     *     empty for all
     * @param limit at most so many devices, 1 to {@link #MAX_PAGE}
     */
    public CompletionStage<AudiencePage> page(
            Audience audience, Set<String> platforms, AudienceCursor after, int limit) {
        return sets.page(audience, after, Math.clamp(limit, 1, MAX_PAGE))
                .thenCompose(
                        page ->
                                platforms.isEmpty()
                                        ? CompletableFuture.completedFuture(page)
                                        : narrowed(audience.app(), page, platforms));
    }

    /**
     * Has the sets follow a record; nothing to do where it is empty.
     *
     * @return the groups that had no room for the device
     */
    CompletionStage<Set<String>> follow(DeviceKey device, String record) {
        return follow(device, record, 1);
    }

    private CompletionStage<Set<String>> follow(DeviceKey device, String record, int round) {
        if (record.isEmpty()) {
            return CompletableFuture.completedFuture(Set.of());
        }
        if (round > MAX_ROUNDS) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the groups of " + device + " never stand still"));
        }
        return apply(device, parsed(record))
                .thenCompose(
                        full ->
                                scripts.settle(device, record)
                                        .thenCompose(
                                                next ->
                                                        next.isEmpty()
                                                                ? CompletableFuture.completedFuture(
                                                                        full)
                                                                : follow(device, next, round + 1)));
    }

    private CompletionStage<Set<String>> apply(DeviceKey device, StoredMembership membership) {
        Audience app = new Audience.App(device.app());
        List<CompletableFuture<?>> calls = new ArrayList<>();
        Set<String> full = ConcurrentHashMap.newKeySet();
        for (String group : membership.leaving()) {
            Audience left = new Audience.Group(device.app(), group);
            calls.add(sets.remove(left, device.device()).toCompletableFuture());
        }
        if (membership.gone()) {
            calls.add(sets.remove(app, device.device()).toCompletableFuture());
        } else {
            calls.add(added(app, device, "", full));
        }
        for (String group : membership.groups()) {
            calls.add(added(new Audience.Group(device.app(), group), device, group, full));
        }
        return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                .thenApply(_ -> full);
    }

    private CompletableFuture<?> added(
            Audience audience, DeviceKey device, String group, Set<String> full) {
        return sets.add(audience, device.device())
                .thenAccept(
                        in -> {
                            if (!in) {
                                counters.groupFull();
                                log.debug("{} has no room for {}", audience, device);
                                full.add(group);
                            }
                        })
                .toCompletableFuture();
    }

    private StoredMembership parsed(String record) {
        try {
            return StoredMembership.parse(record);
        } catch (InvalidInputException e) {
            decoder.corrupt(MailboxError.CORRUPT_MEMBERSHIP, e);
            return new StoredMembership(List.of(), List.of(), List.of(), false);
        }
    }

    private CompletionStage<AudiencePage> narrowed(
            String app, AudiencePage page, Set<String> platforms) {
        List<CompletableFuture<String>> known = new ArrayList<>(page.devices().size());
        for (String name : page.devices()) {
            DeviceKey device = new DeviceKey(app, name);
            known.add(
                    reads.field(shards.devices(shards.of(device)), device.toString())
                            .toCompletableFuture());
        }
        return CompletableFuture.allOf(known.toArray(CompletableFuture[]::new))
                .thenApply(
                        _ -> {
                            List<String> wanted = new ArrayList<>();
                            for (int i = 0; i < known.size(); i++) {
                                StoredDevice stored = decoder.device(known.get(i).join());
                                if (stored == null || platforms.contains(stored.platform())) {
                                    wanted.add(page.devices().get(i));
                                }
                            }
                            return new AudiencePage(wanted, page.next(), page.more());
                        });
    }
}
