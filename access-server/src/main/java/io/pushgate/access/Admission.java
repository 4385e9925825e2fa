package io.pushgate.access;

import com.sun.management.UnixOperatingSystemMXBean;

import io.pushgate.runtime.Ticker;

import java.lang.management.ManagementFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections there may be, how many handshakes a second, and how many of those at once: a
 * handshake is in progress from its head until Redis has answered its registration. Sockets above
 * the cap are still answered (503), up to a margin; above that they are closed unread. Any thread.
 */
final class Admission {
    /** Descriptors left for logs, Redis, Kafka and everything else of the process. */
    private static final int RESERVE = 1_000;

    /** Where the limit of open files is not known. */
    private static final int UNKNOWN_LIMIT = 4_096;

    /** What a node is taken to let in a second where no rate is set. */
    private static final int ASSUMED_RATE = 500;

    /** Refused clients come back spread over so many seconds, by how many they are. */
    private static final int MIN_SPREAD = 5;

    private static final int MAX_SPREAD = 60;

    private final Ticker ticker;
    private final int maxConnections;
    private final int maxHandshakes;
    private final int margin;
    private final int rate;
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicInteger handshakes = new AtomicInteger();
    private volatile boolean draining;
    private double allowance;
    private long allowedAt;
    private double awaited;
    private long awaitedAt;

    /** What became of a handshake at the door. */
    sealed interface Decision {}

    /**
     * No.
     *
     * @param tag the reason, of a closed set
     * @param retryAfterSeconds when to come back, another number for each client
     */
    record Busy(String tag, int retryAfterSeconds) implements Decision {}

    /** A handshake in progress, until it is over. Any thread. */
    static final class Entered implements Decision {
        private final AtomicInteger handshakes;
        private final AtomicBoolean over = new AtomicBoolean();

        private Entered(AtomicInteger handshakes) {
            this.handshakes = handshakes;
        }

        /** Makes room for another one; idempotent. */
        void over() {
            if (over.compareAndSet(false, true)) {
                handshakes.decrementAndGet();
            }
        }
    }

    Admission(AccessConfig.AccessLimits limits, Ticker ticker) {
        this.ticker = ticker;
        long files = openFilesLimit();
        long reserve = Math.min(RESERVE, files / 4);
        this.maxConnections =
                limits.maxConnections() > 0
                        ? limits.maxConnections()
                        : (int) Math.min(Integer.MAX_VALUE / 2, files - reserve);
        this.maxHandshakes = limits.maxHandshakes();
        this.margin = (int) (reserve / 2);
        this.rate = limits.acceptRate();
        this.allowance = rate;
        this.allowedAt = ticker.nanos();
        this.awaitedAt = allowedAt;
    }

    private static long openFilesLimit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os
                ? os.getMaxFileDescriptorCount()
                : UNKNOWN_LIMIT;
    }

    int maxConnections() {
        return maxConnections;
    }

    int sockets() {
        return sockets.get();
    }

    /** Handshakes in progress. */
    int handshakes() {
        return handshakes.get();
    }

    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /** Counts a new socket in; false where it must be closed at once, which counts it out. */
    boolean opened() {
        return sockets.incrementAndGet() <= maxConnections + margin;
    }

    void closed() {
        sockets.decrementAndGet();
    }

    /** Lets one more handshake in, or not; costs next to nothing. */
    Decision enter() {
        if (draining) {
            return busy("draining");
        }
        if (sockets.get() > maxConnections) {
            return busy("connection_cap");
        }
        if (handshakes.incrementAndGet() > maxHandshakes) {
            handshakes.decrementAndGet();
            return busy("handshakes");
        }
        if (rate > 0 && !takeOne()) {
            handshakes.decrementAndGet();
            return busy("accept_rate");
        }
        return new Entered(handshakes);
    }

    /** A token bucket that holds one second's worth. */
    private synchronized boolean takeOne() {
        long now = ticker.nanos();
        allowance = Math.min(rate, allowance + seconds(now - allowedAt) * rate);
        allowedAt = now;
        if (allowance < 1) {
            return false;
        }
        allowance--;
        return true;
    }

    /**
     * The more were sent away lately, the longer the time they are spread over: twice what it takes
     * to let them all in, so that few are sent away a second time.
     */
    private synchronized Busy busy(String tag) {
        int pace = rate == 0 ? ASSUMED_RATE : rate;
        long now = ticker.nanos();
        awaited = Math.max(0, awaited - seconds(now - awaitedAt) * pace) + 1;
        awaitedAt = now;
        int spread = Math.clamp((long) Math.ceil(2 * awaited / pace), MIN_SPREAD, MAX_SPREAD);
        return new Busy(tag, 1 + ThreadLocalRandom.current().nextInt(spread));
    }

    private static double seconds(long nanos) {
        return (double) nanos / TimeUnit.SECONDS.toNanos(1);
    }
}
