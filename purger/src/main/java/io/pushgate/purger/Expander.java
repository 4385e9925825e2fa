package io.pushgate.purger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.Expansions;
import io.pushgate.mailbox.Progress;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Priority;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.kafka.BatchHandler;
import io.pushgate.runtime.kafka.Completions;
import io.pushgate.runtime.kafka.RewindException;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Offers requests to many devices, chunk by chunk, on a thread of its own.
 *
 * <p>How far an expansion is stands in Redis and moves on when a chunk is durable: in its
 * mailboxes, and in Kafka what follows from it. Whoever gets the record next goes on from there, so
 * a purger that dies repeats one chunk at most, which the mailboxes know. Two that work on the same
 * one, as after a rebalance, share the work: a chunk that another has finished moves both on.
 */
final class Expander implements BatchHandler, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Expander.class);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

    /** How often to look whether bulk is due, or something more urgent has come. */
    private static final Duration BULK_LOOK = Duration.ofMillis(5);

    private final Expansions expansions;
    private final Chunks chunks;
    private final BulkPace pace;
    private final NoteStep notes;
    private final List<Slice> slices;
    private final Outbound outbound;
    private final RedisCalls redis;
    private final InstantSource clock;
    private final MeterRegistry registry;
    private final Counter offered;
    private final Counter paced;
    private final Counter finished;
    private final Counter malformed;
    private final Gauge waiting;
    private final ExpansionQueue queue = new ExpansionQueue();
    private final Set<Expansion> open = ConcurrentHashMap.newKeySet();
    private final RecentExpansions recent;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean isToStartOver;

    /**
     * @param pace of bulk requests
     * @param slices by priority, where chunks of it are offered
     * @param replay for how long expansions are remembered that may have to be done again
     */
    Expander(
            Expansions expansions,
            Chunks chunks,
            BulkPace pace,
            NoteStep notes,
            List<Slice> slices,
            Outbound outbound,
            RedisCalls redis,
            InstantSource clock,
            MeterRegistry registry,
            Duration replay) {
        this.expansions = expansions;
        this.chunks = chunks;
        this.pace = pace;
        this.notes = notes;
        this.slices = List.copyOf(slices);
        this.outbound = outbound;
        this.redis = redis;
        this.clock = clock;
        this.registry = registry;
        this.offered = Meters.counter(registry, PurgerMeters.CHUNKS);
        this.paced = Meters.counter(registry, PurgerMeters.PACED);
        this.finished = Meters.counter(registry, PurgerMeters.EXPANDED, "outcome", "done");
        this.malformed = Meters.counter(registry, PurgerMeters.EXPANDED, "outcome", "malformed");
        this.waiting = Meters.gauge(registry, PurgerMeters.EXPANDING, open::size);
        this.recent = new RecentExpansions(replay, clock);
        this.thread = Thread.ofPlatform().name("purger-expand").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    @Override
    public void handle(List<ConsumerRecord<byte[], byte[]>> batch, Completions done) {
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            try {
                Expansion expansion = Expansion.read(record, done);
                open.add(expansion);
                queue.add(expansion);
            } catch (InvalidInputException e) {
                // Only purgers write this topic.
                malformed.increment();
                log.warn(
                        "{}-{}@{} is no expansion: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        e.getMessage());
                done.complete(record);
            }
        }
    }

    /**
     * Ends after the chunk it is at; what is left is gone on with by another purger.
     *
     * @return whether it ended in time
     */
    boolean stop(Deadline deadline) throws InterruptedException {
        stopped = true;
        return !thread.isAlive() || thread.join(Duration.ofNanos(deadline.remainingNanos()));
    }

    /**
     * Has what was offered lately offered again, as Redis may have lost it. Returns at once; any
     * thread.
     */
    void startOverSoon() {
        isToStartOver = true;
    }

    /** Expansions that were taken and not finished. */
    int open() {
        return open.size();
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
        registry.remove(waiting);
    }

    private void run() {
        while (!stopped) {
            try {
                workOrStartOver();
            } catch (InterruptedException e) {
                // Only closing means it; anyone else's interrupt must not end the thread.
            }
        }
    }

    private void workOrStartOver() throws InterruptedException {
        try {
            if (isToStartOver) {
                isToStartOver = false;
                startOver();
            }
            Expansion next = queue.poll(100, TimeUnit.MILLISECONDS);
            if (next == null) {
                return;
            }
            if (isBulk(next) && !pace.isDue()) {
                queue.again(next);
                Thread.sleep(BULK_LOOK);
            } else {
                work(next);
            }
        } catch (RewindException e) {
            log.debug("a chunk met a Redis that may have lost others", e);
            isToStartOver = true;
        }
    }

    private void work(Expansion expansion) throws InterruptedException {
        try {
            if (step(expansion)) {
                finish(expansion);
            } else {
                queue.again(expansion);
            }
        } catch (RewindException | InterruptedException e) {
            slice(expansion).clear();
            queue.again(expansion);
            throw e;
        } catch (ExecutionException | RuntimeException e) {
            slice(expansion).clear();
            queue.again(expansion);
            log.error("Expansion {} failed, it is tried again", expansion.name(), e);
            Thread.sleep(AFTER_A_FAULT);
        }
    }

    /** Offers a chunk and returns whether nothing is left. */
    private boolean step(Expansion expansion) throws InterruptedException, ExecutionException {
        Progress at = progress(expansion);
        if (at.done()) {
            return true;
        }
        Chunks.Chunk chunk =
                redis.untilAnswered("chunk", () -> chunks.after(at, expansion.request()));
        if (isBulk(expansion)) {
            pace.taken(chunk.devices().size());
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
        OpenRecord from = new OpenRecord(expansion.record(), _ -> durable.complete(null));
        boolean recalled = notes.isRecalled(expansion.request());
        Task task = expansion.task(from, recalled);
        slice(expansion).add(task, chunk.devices());
        slice(expansion).flush();
        if (chunk.progress().done() && chunk.progress().offered() == 0) {
            outbound.rejected(task, "no device of the platforms asked for", clock.millis());
        }
        from.closed();
        durable.get();
        offered.increment();
        if (isBulk(expansion) && !pace.isDue()) {
            paced.increment();
        }
        Progress now =
                redis.untilAnswered(
                        "advance",
                        () -> expansions.advance(expansion.name(), at, chunk.progress()));
        expansion.progress(now);
        return now.done();
    }

    private Progress progress(Expansion expansion) throws InterruptedException {
        Progress known = expansion.progress();
        if (known != null) {
            return known;
        }
        return redis.untilAnswered("progress", () -> expansions.progress(expansion.name()));
    }

    private void finish(Expansion expansion) {
        recent.add(expansion);
        expansion.complete();
        open.remove(expansion);
        queue.finished(expansion);
        finished.increment();
    }

    /**
     * Redis may have lost what was offered lately, and not how far that was: so what was under way
     * begins anew.
     */
    private void startOver() throws InterruptedException {
        List<Expansion> again = recent.take();
        log.warn("{} expansions of late begin anew", again.size() + open.size());
        for (Expansion one : again) {
            restart(one);
            open.add(one);
            queue.add(one);
        }
        for (Expansion one : open) {
            restart(one);
        }
    }

    private void restart(Expansion expansion) throws InterruptedException {
        redis.untilAnswered("restart", () -> expansions.restart(expansion.name()));
        expansion.progress(null);
    }

    private static boolean isBulk(Expansion expansion) {
        return expansion.request().priority() == Priority.BULK;
    }

    private Slice slice(Expansion expansion) {
        return slices.get(expansion.lane());
    }
}
