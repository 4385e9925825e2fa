package io.pushgate.runtime.kafka;

import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.KafkaConfig;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The poll thread of a {@link ConsumerLoop}, the only one that touches the Kafka consumer: polls,
 * queues batches for the handler, commits, pauses, and asks Kafka every 3 s whether it is there.
 */
final class PollTask implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PollTask.class);
    private static final Duration POLL = Duration.ofMillis(100);

    /**
     * Nothing ends a poll of paused partitions early, and they should go on soon after the handler.
     */
    private static final Duration POLL_PAUSED = Duration.ofMillis(20);

    /**
     * Between two polls when the first brought little. A message that comes alone doesn't wait for
     * it, and under load a fetch brings what came in it: each costs client and broker about as much
     * as twenty records do.
     */
    private static final Duration PACE = Duration.ofMillis(6);

    /**
     * The same when it brought so few that processors are free for more polls, and a message that
     * comes in between should not wait for long.
     */
    private static final Duration QUICK_PACE = Duration.ofMillis(3);

    private static final int FEW = 16;

    /** Polls that bring more than one in so many of the most they may are not held up. */
    private static final int LITTLE = 4;

    private static final Duration ASK_EVERY = Duration.ofSeconds(3);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final ConsumerLoopConfig config;
    private final KafkaConfig kafka;
    private final BlockingQueue<Batch> queue;
    private final InFlight inFlight;
    private final ConsumerMeters meters;
    private final LoopStatus status;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch drained = new CountDownLatch(1);
    private final RetryPause pause =
            new RetryPause(stop, Duration.ofMillis(100), Duration.ofSeconds(5));
    private final Ticker ticker = Ticker.system();
    private final AtomicReference<@Nullable Rewind> rewind = new AtomicReference<>();
    private volatile boolean draining;
    private @Nullable Consumer<byte[], byte[]> consumer;
    private @Nullable Assignment assignment;
    private boolean away;
    private long nextCommit;
    private long nextAsk = ticker.nanos();

    PollTask(
            ConsumerLoopConfig config,
            KafkaConfig kafka,
            BlockingQueue<Batch> queue,
            InFlight inFlight,
            ConsumerMeters meters,
            LoopStatus status) {
        this.config = config;
        this.kafka = kafka;
        this.queue = queue;
        this.inFlight = inFlight;
        this.meters = meters;
        this.status = status;
        this.nextCommit = ticker.nanos() + config.commitInterval().toNanos();
    }

    /**
     * Asks the thread to fetch nothing more; the latch opens when all is complete and committed.
     */
    CountDownLatch drain() {
        draining = true;
        return drained;
    }

    /**
     * Has the thread read all partitions again from where they stood some time ago, and waits for
     * that: as long as Kafka is away. From the handler thread only.
     */
    void rewind(Duration back) throws InterruptedException {
        Rewind wanted = Rewind.by(back);
        rewind.set(wanted);
        wanted.done().await();
    }

    /** The same without waiting, unless one is wanted already; any thread. */
    void rewindSoon(Duration back) {
        var _ = rewind.compareAndSet(null, Rewind.by(back));
    }

    /** Asks the thread to commit what is complete, leave the group and end, within 6 s or so. */
    void stop() {
        stop.countDown();
    }

    @Override
    public void run() {
        status.enter(LoopStatus.Phase.RUNNING);
        while (stop.getCount() > 0) {
            try {
                if (draining && assignment == null) {
                    drained.countDown();
                }
                step();
                status.recovered();
                pause.reset();
            } catch (RuntimeException | Error e) {
                // Whatever it is: without this thread the partitions are stuck, so it goes on.
                retryAfter(e);
            }
        }
        finish();
        status.enter(LoopStatus.Phase.STOPPED);
    }

    private void step() {
        Consumer<byte[], byte[]> current = consumer == null ? connect() : consumer;
        Assignment partitions = assignmentOf(current);
        rewindIfWanted(partitions);
        partitions.adjustFlow(draining);
        ConsumerRecords<byte[], byte[]> polled =
                current.poll(partitions.isPaused() ? POLL_PAUSED : POLL);
        if (!polled.isEmpty()) {
            queue.add(partitions.track(polled));
            pace(polled.count());
        }
        if (isDue(nextCommit)) {
            nextCommit = ticker.nanos() + config.commitInterval().toNanos();
            partitions.commitMoved();
        }
        if (isDue(nextAsk)) {
            nextAsk = ticker.nanos() + ASK_EVERY.toNanos();
            ask(current, partitions);
        }
        if (draining && inFlight.records() == 0 && partitions.commitNow()) {
            drained.countDown();
        }
    }

    private void pace(int records) {
        if (records * LITTLE <= config.maxPollRecords()) {
            LockSupport.parkNanos((records < FEW ? QUICK_PACE : PACE).toNanos());
        }
    }

    private void rewindIfWanted(Assignment partitions) {
        Rewind wanted = rewind.get();
        if (wanted != null) {
            partitions.rewind(wanted.back());
            // Another may have taken its place meanwhile, and has its turn next.
            var _ = rewind.compareAndSet(wanted, null);
            meters.rewound();
            wanted.done().countDown();
        }
    }

    /** Here and not in the constructor, as it fails while no name of a broker can be resolved. */
    private Consumer<byte[], byte[]> connect() {
        Consumer<byte[], byte[]> created =
                new KafkaConsumer<>(KafkaSettings.consumer(kafka, config));
        consumer = created;
        return created;
    }

    private Assignment assignmentOf(Consumer<byte[], byte[]> current) {
        Assignment known = assignment;
        if (known != null) {
            return known;
        }
        Assignment created =
                new Assignment(
                        current,
                        inFlight,
                        meters,
                        status,
                        queue,
                        config.revokeWait(),
                        () -> stop.getCount() == 0);
        current.subscribe(List.of(config.topic()), created);
        assignment = created;
        return created;
    }

    /**
     * One round trip to the leaders of all partitions: are they there, and how far behind are we?
     */
    private void ask(Consumer<byte[], byte[]> current, Assignment partitions) {
        try {
            if (current.assignment().isEmpty()) {
                boolean exists = current.listTopics(ASK_TIMEOUT).containsKey(config.topic());
                status.problem(exists ? null : "topic " + config.topic() + " does not exist");
                meters.lag(0);
            } else {
                status.problem(null);
                Map<TopicPartition, Long> ends =
                        current.endOffsets(current.assignment(), ASK_TIMEOUT);
                meters.lag(partitions.lag(ends));
            }
            status.answered();
            if (away) {
                LOG.info("Kafka answers again for {}", config.topic());
            }
            away = false;
        } catch (TimeoutException e) {
            if (!away) {
                LOG.warn("Kafka does not answer for {}: {}", config.topic(), e.getMessage());
            }
            away = true;
        }
    }

    private void retryAfter(Throwable failure) {
        // An interrupt that stays set would make every poll fail from now on.
        boolean interrupted = Thread.interrupted();
        pause.after(
                (wait, isFirst) -> {
                    meters.pollFailed();
                    status.failed(failure);
                    LOG.error(
                            "Poll of {} failed{}, next try in {} ms: {}",
                            config.topic(),
                            interrupted ? " by an interrupt" : "",
                            wait.toMillis(),
                            Causes.describe(failure),
                            isFirst ? failure : null);
                });
    }

    private void finish() {
        try {
            if (assignment != null) {
                boolean _ = assignment.commitNow();
            }
            if (consumer != null) {
                consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            }
        } catch (RuntimeException e) {
            LOG.warn("The consumer of {} did not close cleanly", config.topic(), e);
        }
    }

    private boolean isDue(long nanos) {
        return ticker.nanos() - nanos >= 0;
    }
}
