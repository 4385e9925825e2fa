package io.pushgate.dispatcher;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.telemetry.Meters;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes the devices that a node was sent something for and did not hold: forgets the stale route,
 * looks the device up, and has it redelivered where it is now.
 *
 * <p>Where Redis still names the very session that bounced, the node is asked once more before that
 * session is unregistered: a session that was being set up when the first delivery came is there by
 * then, and a live session must not lose its entry.
 */
final class Bounces implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Bounces.class);

    /** Devices looked up in one pipelined round trip, at most. */
    private static final int MAX_LOOKUPS = 1000;

    /** What a redelivery takes in a batch, at most: two names, a node, three numbers. */
    private static final int REDELIVER_BYTES = 512;

    private final Mailbox mailbox;
    private final RouteCache routes;
    private final NodePublisher publisher;
    private final String replyTo;
    private final int maxBatchBytes;
    private final BlockingQueue<NodeMessage.Missed> queue;
    private final Cache<DeviceKey, Route> askedAgain =
            Caffeine.newBuilder()
                    .maximumSize(20_000)
                    .expireAfterWrite(Duration.ofMinutes(1))
                    .build();
    private final Counter rerouted;
    private final Counter asked;
    private final Counter unregistered;
    private final Counter gone;
    private final Counter overflowed;
    private final Counter failed;
    private final AtomicInteger open = new AtomicInteger();
    private final MeterRegistry registry;
    private final Gauge waiting;
    private @Nullable Thread thread;

    Bounces(
            DispatcherConfig config,
            Mailbox mailbox,
            RouteCache routes,
            NodePublisher publisher,
            String replyTo,
            MeterRegistry registry) {
        this.mailbox = mailbox;
        this.routes = routes;
        this.publisher = publisher;
        this.replyTo = replyTo;
        this.maxBatchBytes = config.maxBatchBytes();
        this.queue = new ArrayBlockingQueue<>(config.maxBounced());
        this.rerouted = outcome(registry, "rerouted");
        this.asked = outcome(registry, "asked_again");
        this.unregistered = outcome(registry, "unregistered");
        this.gone = outcome(registry, "gone");
        this.overflowed = outcome(registry, "overflowed");
        this.failed = outcome(registry, "failed");
        this.registry = registry;
        this.waiting = Meters.gauge(registry, DispatcherMeters.BOUNCES_WAITING, open::get);
    }

    private static Counter outcome(MeterRegistry registry, String outcome) {
        return Meters.counter(registry, DispatcherMeters.BOUNCES, "outcome", outcome);
    }

    void start() {
        thread = Thread.ofVirtual().name("dispatcher-bounces").start(this::run);
    }

    /** Takes a node's answer; any thread, never blocks. What finds no room is the delayer's. */
    void accept(NodeMessage.Bounce bounce) {
        for (NodeMessage.Missed missed : bounce.devices()) {
            open.incrementAndGet();
            if (!queue.offer(missed)) {
                open.decrementAndGet();
                overflowed.increment();
            }
        }
    }

    /**
     * Waits until the deadline, as more may come in at any time, and beyond nothing.
     *
     * @return bounces that are not seen to by then
     */
    int drain(Deadline deadline) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(deadline.remainingNanos());
        return open.get();
    }

    private void run() {
        List<NodeMessage.Missed> taken = new ArrayList<>();
        try {
            while (true) {
                taken.add(queue.take());
                queue.drainTo(taken, MAX_LOOKUPS - 1);
                handle(taken);
                open.addAndGet(-taken.size());
                taken.clear();
            }
        } catch (InterruptedException e) {
            log.debug("no longer handling bounces");
        }
    }

    private void handle(List<NodeMessage.Missed> taken) throws InterruptedException {
        // A device that bounced several times in a row is looked up once.
        Map<DeviceKey, Route> stale = new LinkedHashMap<>();
        for (NodeMessage.Missed missed : taken) {
            routes.forget(missed.device(), missed.route());
            stale.merge(missed.device(), missed.route(), (a, b) -> b.isNewerThan(a) ? b : a);
        }
        Map<DeviceKey, CompletableFuture<Optional<Route>>> lookups = new LinkedHashMap<>();
        stale.keySet()
                .forEach(
                        device -> lookups.put(device, mailbox.route(device).toCompletableFuture()));
        NodeBatches batches = new NodeBatches(replyTo, Priority.NORMAL, maxBatchBytes);
        for (Map.Entry<DeviceKey, CompletableFuture<Optional<Route>>> lookup : lookups.entrySet()) {
            DeviceKey device = lookup.getKey();
            try {
                Route missed = stale.get(device);
                Optional<Route> current = lookup.getValue().get();
                if (missed != null) {
                    resolve(device, missed, current, batches);
                }
            } catch (ExecutionException e) {
                failed.increment();
                log.debug("{} bounced and could not be looked up", device, e);
            }
        }
        publisher.publish(batches.all());
    }

    private void resolve(
            DeviceKey device, Route missed, Optional<Route> current, NodeBatches batches) {
        if (current.isEmpty()) {
            gone.increment();
        } else if (!current.get().equals(missed)) {
            rerouted.increment();
            redeliver(device, routes.newest(device, current.get()), batches);
        } else if (missed.equals(askedAgain.getIfPresent(device))) {
            askedAgain.invalidate(device);
            unregister(device, missed);
        } else {
            asked.increment();
            askedAgain.put(device, missed);
            redeliver(device, missed, batches);
        }
    }

    private void redeliver(DeviceKey device, Route route, NodeBatches batches) {
        batches.add(
                route.node(),
                new NodeMessage.Timed(new Delivery.Redeliver(device, route, 0), StageTimes.NONE),
                REDELIVER_BYTES);
    }

    private void unregister(DeviceKey device, Route route) {
        var _ =
                mailbox.unregister(device, route)
                        .whenComplete(
                                (was, failure) -> {
                                    if (failure == null) {
                                        unregistered.increment();
                                    } else {
                                        failed.increment();
                                        log.debug("{} not unregistered", device, failure);
                                    }
                                });
    }

    @Override
    public void close() {
        registry.remove(waiting);
        if (thread != null) {
            thread.interrupt();
        }
    }
}
