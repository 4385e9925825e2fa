package io.pushgate.access;

import com.sun.management.UnixOperatingSystemMXBean;

import io.pushgate.runtime.Ticker;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections there may be, and how many handshakes a second. Sockets above the cap are
 * still answered (503), up to a margin; above that they are closed unread. Any thread.
 */
final class Admission {
    /** Descriptors left for logs, Redis, Kafka and everything else of the process. */
    private static final int RESERVE = 1_000;

    /** Where the limit of open files is not known. */
    private static final int UNKNOWN_LIMIT = 4_096;

    private final Ticker ticker;
    private final int maxConnections;
    private final int margin;
    private final int rate;
    private final AtomicInteger sockets = new AtomicInteger();
    private volatile boolean draining;
    private double allowance;
    private long allowedAt;

    /**
     * @param maxConnections 0 for what the limit of open files allows
     * @param rate handshakes a second, 0 for no limit
     */
    Admission(int maxConnections, int rate, Ticker ticker) {
        this.ticker = ticker;
        long files = openFilesLimit();
        long reserve = Math.min(RESERVE, files / 4);
        this.maxConnections =
                maxConnections > 0
                        ? maxConnections
                        : (int) Math.min(Integer.MAX_VALUE / 2, files - reserve);
        this.margin = (int) (reserve / 2);
        this.rate = rate;
        this.allowance = rate;
        this.allowedAt = ticker.nanos();
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

    /** The reason to refuse one more handshake, of a closed set; a handshake let in is counted. */
    Optional<String> check() {
        if (draining) {
            return Optional.of("draining");
        }
        if (sockets.get() > maxConnections) {
            return Optional.of("connection_cap");
        }
        return rate == 0 || takeOne() ? Optional.empty() : Optional.of("accept_rate");
    }

    /** A token bucket that holds one second's worth. */
    private synchronized boolean takeOne() {
        long now = ticker.nanos();
        double gained = (double) (now - allowedAt) / TimeUnit.SECONDS.toNanos(1) * rate;
        allowance = Math.min(rate, allowance + gained);
        allowedAt = now;
        if (allowance < 1) {
            return false;
        }
        allowance--;
        return true;
    }
}
