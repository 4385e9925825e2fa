package io.pushgate.faults.proxy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** How the network of a proxy is at the moment. Any thread. */
final class Conditions {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Direction> stalled = EnumSet.noneOf(Direction.class);
    private Predicate<Link> stalledLinks = _ -> true;
    private volatile long latencyNanos;
    private volatile long jitterNanos;
    private volatile long bytesPerSecond;

    void latency(Duration base, Duration jitter) {
        latencyNanos = base.toNanos();
        jitterNanos = jitter.toNanos();
    }

    /** How long a chunk that came now is to be held. */
    long delayNanos() {
        long jitter = jitterNanos;
        return latencyNanos + (jitter > 0 ? ThreadLocalRandom.current().nextLong(jitter) : 0);
    }

    void rate(long newBytesPerSecond) {
        bytesPerSecond = newBytesPerSecond;
    }

    /** Bytes a second per connection and direction, 0 for no limit. */
    long rate() {
        return bytesPerSecond;
    }

    void stall(Set<Direction> directions, Predicate<Link> links) {
        change(
                () -> {
                    stalled.addAll(directions);
                    stalledLinks = links;
                });
    }

    void clear() {
        latency(Duration.ZERO, Duration.ZERO);
        rate(0);
        change(
                () -> {
                    stalled.clear();
                    stalledLinks = _ -> true;
                });
    }

    /** Blocks while the direction is stalled for the link, or until that is closed. */
    void awaitFlow(Link link, Direction direction) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (stalled.contains(direction) && stalledLinks.test(link) && !link.isClosed()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has those who wait look again. */
    void signal() {
        change(() -> {});
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
