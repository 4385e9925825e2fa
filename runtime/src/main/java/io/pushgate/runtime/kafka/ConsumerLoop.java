package io.pushgate.runtime.kafka;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.KafkaConfig;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads a topic as a member of a group and commits only what its handler has completed.
 *
 * <p>Two threads: one polls, commits and keeps the membership alive; one runs the handler, which so
 * may block for minutes without losing its partitions. Offsets are committed about once a second up
 * to the first record that is not complete, before a partition goes to another member (after a
 * short wait for what the handler has begun), and at the end. Whatever was not committed is read
 * again by whoever has the partition next: every record is handled at least once, in the order of
 * its partition.
 *
 * <p>Bounds: above half of {@code maxInFlight} (or of {@code maxInFlightBytes}) fetching pauses,
 * below a quarter it goes on. No exception ends the loop; see {@link #health()} for a Kafka that is
 * away or refuses.
 */
public final class ConsumerLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerLoop.class);
    private static final long HANDLER_EXIT_MS = 2_000;
    private static final long POLL_EXIT_MS = 10_000;

    private final ConsumerLoopConfig config;
    private final InFlight inFlight;
    private final ConsumerMeters meters;
    private final LoopStatus status;
    private final PollTask poll;
    private final CountDownLatch handlerStop = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread pollThread;
    private final Thread handlerThread;

    /**
     * @param kafka its {@code properties} may set {@code group.protocol=consumer}; the default is
     *     the classic one with cooperative rebalancing
     * @throws org.apache.kafka.common.config.ConfigException if Kafka's client refuses the
     *     properties
     */
    public ConsumerLoop(
            ConsumerLoopConfig config,
            KafkaConfig kafka,
            BatchHandler handler,
            MeterRegistry registry) {
        this.config = config;
        // Said here already, as the client itself is made later and again and again.
        var _ = new ConsumerConfig(KafkaSettings.consumer(kafka, config));
        // Bounded by maxInFlight: nothing is polled above it.
        BlockingQueue<Batch> queue = new LinkedBlockingQueue<>();
        this.inFlight = new InFlight(config.maxInFlight(), config.maxInFlightBytes());
        this.meters = new ConsumerMeters(registry, config.topic(), config.group(), inFlight);
        this.status = new LoopStatus(config.topic(), Ticker.system());
        this.poll = new PollTask(config, kafka, queue, inFlight, meters, status);
        HandlerTask handling =
                new HandlerTask(
                        config.topic(),
                        config.maxPollRecords(),
                        queue,
                        handler,
                        meters,
                        poll::rewind,
                        handlerStop);
        this.pollThread = thread("poll-" + config.topic(), poll);
        this.handlerThread = thread("handle-" + config.topic(), handling);
    }

    /**
     * Joins the group and begins to poll; returns at once, whether or not Kafka is there.
     *
     * @throws IllegalStateException if it was started or closed before
     */
    public void start() {
        if (closed.get() || !started.compareAndSet(false, true)) {
            throw new IllegalStateException("A consumer loop starts once");
        }
        handlerThread.start();
        pollThread.start();
    }

    /**
     * Has all partitions read again from where they stood some time ago, as {@link RewindException}
     * does, for what happens while there is nothing to handle. Returns at once; any thread.
     */
    public void rewindSoon(Duration back) {
        poll.rewindSoon(back);
    }

    /**
     * Whether records can be read and committed now; any thread, returns at once. Not so when the
     * leaders of the partitions have not answered for 8 s, commits have failed for as long, or the
     * last poll threw.
     */
    public Health.Check health() {
        return status.check();
    }

    /**
     * Fetches nothing more, waits for what is in flight and commits it; says in the log how much
     * was left where the time was too short.
     *
     * @return whether everything was complete and committed in time
     */
    public boolean drain(Deadline deadline) throws InterruptedException {
        CountDownLatch drained = poll.drain();
        if (!pollThread.isAlive()
                || drained.await(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            return true;
        }
        LOG.warn(
                "{} not drained in time: {} records are not complete or not committed, and are"
                        + " read again by who has their partitions next",
                config.topic(),
                inFlight.records());
        return false;
    }

    /**
     * Interrupts the handler, commits what is complete, leaves the group; idempotent. Takes 8 s at
     * most, and so long only with a Kafka or a handler that doesn't answer.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            // The handler first, so that its last completions are still committed.
            handlerStop.countDown();
            handlerThread.interrupt();
            handlerThread.join(HANDLER_EXIT_MS);
            poll.stop();
            pollThread.join(POLL_EXIT_MS);
        } catch (InterruptedException e) {
            poll.stop();
            Thread.currentThread().interrupt();
        }
        if (handlerThread.isAlive() || pollThread.isAlive()) {
            LOG.warn("The consumer of {} did not end in time", config.topic());
        }
        meters.close();
    }

    private static Thread thread(String name, Runnable task) {
        return Thread.ofPlatform().name(name).daemon().unstarted(task);
    }
}
