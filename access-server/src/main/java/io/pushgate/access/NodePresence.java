package io.pushgate.access;

import io.pushgate.mailbox.NodeBus;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.runtime.Health.Check;
import io.pushgate.runtime.redis.Subscription;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps this node visible and reachable: renews its lease, and sends itself probes, as a
 * subscription can be alive and starve. Its work is done on one thread, that of the timer.
 */
final class NodePresence implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodePresence.class);
    private static final long LOOK_EVERY_MILLIS = 100;

    /** How soon what failed, or was never answered, is tried again. */
    private static final Duration AGAIN_AFTER = Duration.ofMillis(500);

    private static final Duration PROBE_EVERY = Duration.ofSeconds(2);
    private static final Duration PROBE_LOST_AFTER = Duration.ofSeconds(5);

    private final String nodeId;
    private final NodeLeases leases;
    private final NodeBus bus;
    private final Supplier<NodeLease> lease;
    private final Duration ttl;
    private final AccessMetrics metrics;
    private final NodeClock clock;
    private final Runnable lapsed;

    private long renewAt;
    private long probeAt;
    private volatile boolean renewed;
    private volatile long renewedAt;
    private volatile boolean renewedOnce;
    private volatile long heardAt;
    private volatile boolean heardOnce;
    private volatile boolean leaving;
    private volatile boolean changed;
    private long nonce;
    private long subscribedAt;
    private @Nullable Subscription subscription;

    /**
     * @param lease says how the node is now
     * @param lapsed called on any thread when the lease is back after it had run out
     */
    NodePresence(
            String nodeId,
            NodeLeases leases,
            NodeBus bus,
            Supplier<NodeLease> lease,
            Duration ttl,
            AccessMetrics metrics,
            NodeClock clock,
            Runnable lapsed) {
        this.nodeId = nodeId;
        this.leases = leases;
        this.bus = bus;
        this.lease = lease;
        this.ttl = ttl;
        this.metrics = metrics;
        this.clock = clock;
        this.lapsed = lapsed;
        this.renewAt = clock.nanos();
        this.probeAt = renewAt;
    }

    /** Subscribes to the node's channel and begins to renew and to probe. */
    void start(ScheduledExecutorService timer, Consumer<NodeMessage> handler) {
        subscribe(handler);
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> look(handler), 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look(Consumer<NodeMessage> handler) {
        long now = clock.nanos();
        if ((now - renewAt >= 0 || changed) && !leaving) {
            changed = false;
            renewAt = now + (renewed ? ttl.dividedBy(3) : AGAIN_AFTER).toNanos();
            renew();
        }
        if (now - probeAt >= 0) {
            probeAt = now + (heardOnce ? PROBE_EVERY : AGAIN_AFTER).toNanos();
            probe(handler);
        }
    }

    /** Has the others hear soon how the node is now; any thread. */
    void announce() {
        changed = true;
    }

    /** A probe came back; any thread. */
    void heard(long probe) {
        heardAt = clock.nanos();
        heardOnce = true;
    }

    /** Seconds until the lease runs out, below 0 since it has; a whole lease before the first. */
    double leaseLeftSeconds() {
        long age = renewedOnce ? clock.nanos() - renewedAt : 0;
        return (double) (ttl.toNanos() - age) / TimeUnit.SECONDS.toNanos(1);
    }

    Check leaseCheck() {
        if (!renewedOnce) {
            return Check.failing("lease", "not held yet: Redis has not answered");
        }
        long age = clock.nanos() - renewedAt;
        return age < ttl.toNanos()
                ? Check.ok("lease", "renewed " + seconds(age) + " ago")
                : Check.failing("lease", "not renewed for " + seconds(age));
    }

    Check channelCheck() {
        if (!heardOnce) {
            return Check.failing("node-channel", "no probe has come back yet");
        }
        long age = clock.nanos() - heardAt;
        return age < PROBE_LOST_AFTER.toNanos()
                ? Check.ok("node-channel", "last probe came back " + seconds(age) + " ago")
                : Check.failing("node-channel", "no probe has come back for " + seconds(age));
    }

    private static String seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) / 1000.0 + " s";
    }

    private void renew() {
        try {
            leases.renew(lease.get(), ttl).whenComplete(this::renewed);
        } catch (RuntimeException e) {
            renewed(null, e); // a scheduled task that throws would never run again
        }
    }

    /**
     * @param held whether Redis had the lease until now. Not all that counts: where an answer got
     *     lost, the lease was renewed by what it answered, and this one tells nothing of before.
     */
    private void renewed(@Nullable Boolean held, @Nullable Throwable cause) {
        renewed = cause == null;
        if (cause != null) {
            metrics.error(AccessError.LEASE_FAILED);
            return;
        }
        long now = clock.nanos();
        boolean ranOut =
                renewedOnce && (Boolean.FALSE.equals(held) || now - renewedAt > ttl.toNanos());
        renewedAt = now;
        renewedOnce = true;
        if (ranOut) {
            metrics.error(AccessError.LEASE_LAPSED);
            log.warn("this node's lease had run out; checking every session against Redis");
            lapsed.run();
        }
    }

    private void probe(Consumer<NodeMessage> handler) {
        try {
            long now = clock.nanos();
            long silentSince = heardOnce ? Math.max(heardAt, subscribedAt) : subscribedAt;
            if (now - silentSince > PROBE_LOST_AFTER.toNanos()) {
                metrics.error(AccessError.PROBE_LOST);
                subscribe(handler);
            }
            bus.publish(nodeId, new NodeMessage.Probe(nonce++))
                    .whenComplete(
                            (done, cause) -> {
                                if (cause != null) {
                                    metrics.error(AccessError.PROBE_FAILED);
                                }
                            });
        } catch (RuntimeException e) {
            metrics.error(AccessError.PROBE_FAILED);
            log.warn("probing this node's channel failed: {}", e.getMessage());
        }
    }

    private void subscribe(Consumer<NodeMessage> handler) {
        Subscription old = subscription;
        if (old != null) {
            subscription = null;
            old.close();
        }
        subscribedAt = clock.nanos();
        subscription = bus.subscribe(nodeId, handler);
    }

    /**
     * Gives the lease up, so that nothing is sent here any more; blocks for the round trip.
     *
     * @return whether that worked
     */
    boolean release(Duration most) {
        leaving = true;
        try {
            leases.release(nodeId)
                    .toCompletableFuture()
                    .orTimeout(most.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            return true;
        } catch (RuntimeException e) {
            log.warn("the lease could not be released and will run out: {}", e.getMessage());
            return false;
        }
    }

    /** Unsubscribes; the timer has been stopped before. */
    @Override
    public void close() {
        leaving = true;
        Subscription old = subscription;
        if (old != null) {
            subscription = null;
            old.close();
        }
    }
}
