package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.Settings;

import java.time.Duration;

/**
 * How long a fault may hold a message up, as issue 3 promises it, with what the harness itself
 * adds: the machine runs a dozen JVMs on two cores, and a process that starts takes its share.
 */
final class Bounds {
    /** Devices reconnect with up to 2 s of backoff, and their JVM shares two cores. */
    private static final Duration RECONNECT = Duration.ofSeconds(4);

    /** A rebalance, and the first records after it. */
    private static final Duration REBALANCE = Duration.ofSeconds(4);

    private Bounds() {}

    /** A process died, and its connections with it. */
    static Duration afterDeath(Kind kind) {
        return switch (kind) {
            case PURGER, DISPATCHER -> Settings.SESSION_TIMEOUT.plus(REBALANCE);
            case DELAYER -> Settings.FIRST_BACKOFF.plus(RECONNECT);
            case ACCESS -> Settings.LEASE.plus(RECONNECT);
        };
    }

    /**
     * A process froze: its connections stand. A device finds out by its heartbeat: it pings after
     * that much silence, and gives up after one and a half times that and 5 s.
     */
    static Duration afterFreeze(Kind kind) {
        return switch (kind) {
            case PURGER, DISPATCHER, DELAYER -> afterDeath(kind);
            case ACCESS -> deadPeer();
        };
    }

    /** A device's peer went silent without a word. */
    static Duration deadPeer() {
        return Settings.HEARTBEAT.multipliedBy(5).dividedBy(2).plusSeconds(5).plus(RECONNECT);
    }

    /** Redis was away for so long. */
    static Duration afterRedis(Duration away) {
        return away.plus(Duration.ofSeconds(6));
    }

    /**
     * Pub/sub lost messages for up to 10 s: the delayer brings them, at 1, 3, 7 or 15 s after they
     * were sent, with a tenth of jitter.
     */
    static Duration afterLostMessages() {
        return Settings.FIRST_BACKOFF
                .multipliedBy(15)
                .multipliedBy(11)
                .dividedBy(10)
                .plus(RECONNECT);
    }

    /** Kafka was away for so long; a broker that was killed waits for its own session to end. */
    static Duration afterKafka(Duration away) {
        return away.plus(Settings.SESSION_TIMEOUT).plus(REBALANCE);
    }
}
