package io.pushgate.mailbox;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Requests that wait for their time, in the shard of {@code app/id}; one an id. {@link #add} keeps
 * them, {@link #take} hands out those that are due, and {@link #remove} forgets them once Kafka has
 * them again. Who takes one and dies leaves it to be taken again after a while; so a request may
 * come twice, under the same origin. A recall makes one due at once. Any thread, nothing blocks,
 * failures as in {@link Mailbox}.
 */
public final class Schedule {
    private static final int OVERHEAD_BYTES = 512;

    private final SureWrites writes;
    private final Shards shards;
    private final ScheduleScripts scripts;
    private final MailboxCounters counters;

    Schedule(SureWrites writes, Shards shards, ScheduleScripts scripts, MailboxCounters counters) {
        this.writes = writes;
        this.shards = shards;
        this.scripts = scripts;
        this.counters = counters;
    }

    /**
     * A request and its time.
     *
     * @param dueAt epoch milliseconds
     */
    public record Timed(ScheduledRequest request, long dueAt) {}

    /**
     * Keeps requests until their time, in one round trip; as sure as {@link Mailbox#offer}, and may
     * be called again.
     *
     * @return the results in the order of the requests
     */
    public CompletionStage<List<ScheduleResult>> add(List<Timed> requests) {
        return add(requests, writes.historyChanges());
    }

    /**
     * The same for one of several who write, as {@link Mailbox#offer(List, long)}.
     *
     * @param seenChanges {@link Mailbox#historyChanges} when the caller last made up for what was
     *     lost
     */
    public CompletionStage<List<ScheduleResult>> add(List<Timed> requests, long seenChanges) {
        return writes.run(
                        requests,
                        one -> shardOf(one.request()),
                        via ->
                                new ShardBatches<Timed, ScheduleResult>(
                                                one -> shardOf(one.request()),
                                                one ->
                                                        one.request().request().length
                                                                + OVERHEAD_BYTES,
                                                () -> false,
                                                (shards, some) ->
                                                        scripts.schedule(
                                                                Objects.requireNonNull(
                                                                        via.get(shards[0])),
                                                                shards,
                                                                some))
                                        .run(requests),
                        seenChanges)
                .thenApply(
                        results -> {
                            results.forEach(counters::scheduled);
                            return results;
                        });
    }

    /**
     * Requests of a shard that are due, the longest due first.
     *
     * @param limit at most so many, 1 to 256; fewer don't mean that none are left
     * @param again after how long one that was not removed is due again
     */
    public CompletionStage<List<ScheduledRequest>> take(int shard, int limit, Duration again) {
        return scripts.take(shard, Math.clamp(limit, 1, 256), again);
    }

    /** Forgets requests of one shard that Kafka has. */
    public CompletionStage<Long> remove(int shard, List<ScheduledRequest> requests) {
        return scripts.remove(shard, requests);
    }

    private int shardOf(ScheduledRequest request) {
        return shards.ofMessage(request.app(), request.id());
    }
}
