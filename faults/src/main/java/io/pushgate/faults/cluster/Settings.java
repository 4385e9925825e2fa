package io.pushgate.faults.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How the roles are configured: faster than by default, so that a scenario takes half a minute. The
 * bounds that scenarios are held to follow from these.
 */
public final class Settings {
    /** How long an access node counts as alive after its last word; 10 s by default. */
    public static final Duration LEASE = Duration.ofSeconds(5);

    /**
     * After which Kafka gives the partitions of a member that is gone to others; 10 s by default.
     */
    public static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    /** After which Kafka gives up on a member that does not poll; 5 min by default. */
    public static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(10);

    /** Silence after which a device pings; 30 s by default. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(4);

    /** How often an access node compares each session with Redis; 10 min by default. */
    public static final Duration VERIFY = Duration.ofSeconds(20);

    /** All of a drain; 25 s by default. */
    public static final Duration DRAIN = Duration.ofSeconds(10);

    /** Over which a draining access node sends its devices away; 10 s by default. */
    public static final Duration GOAWAY_SPREAD = Duration.ofSeconds(3);

    /** The first wait for an ack; 5 s by default. */
    public static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);

    /** How long a device may leave its socket full; 30 s by default. */
    public static final Duration SLOW_AFTER = Duration.ofSeconds(5);

    /** How many shards the mailbox has; 1024 by default. */
    public static final int SHARDS = 64;

    private Settings() {}

    /** What every role is told, as environment. */
    static Map<String, String> common(String redisUri, String kafka) {
        Map<String, String> env = new HashMap<>();
        env.put("PUSHGATE_REDIS_URI", redisUri);
        env.put("PUSHGATE_KAFKA_BOOTSTRAP_SERVERS", kafka);
        env.put("PUSHGATE_KAFKA_PARTITIONS", "8");
        env.put("PUSHGATE_KAFKA_PROPERTIES_SESSION_TIMEOUT_MS", millis(SESSION_TIMEOUT));
        env.put("PUSHGATE_KAFKA_PROPERTIES_HEARTBEAT_INTERVAL_MS", "1000");
        env.put("PUSHGATE_KAFKA_PROPERTIES_MAX_POLL_INTERVAL_MS", millis(MAX_POLL_INTERVAL));
        env.put("PUSHGATE_MAILBOX_SHARDS", Integer.toString(SHARDS));
        env.put("PUSHGATE_MAILBOX_BACKOFF", "1s,2s,4s,8s,16s");
        env.put("PUSHGATE_DRAIN_DEADLINE", millis(DRAIN) + "ms");
        return env;
    }

    /**
     * What access nodes are told where something dies: it costs more, and tells sooner who is gone.
     */
    static Map<String, String> watchful() {
        return Map.of(
                "PUSHGATE_ACCESS_VERIFY_EVERY", millis(VERIFY) + "ms",
                "PUSHGATE_ACCESS_HEARTBEAT", millis(HEARTBEAT) + "ms");
    }

    static Map<String, String> of(Kind kind) {
        return switch (kind) {
            // The scenarios are about chunks, whatever the size of a group.
            case PURGER -> Map.of("PUSHGATE_PURGER_GROUP_LOG_ABOVE", "1000000");
            case DISPATCHER -> Map.of("PUSHGATE_DISPATCHER_DEAD_AFTER_REFRESHES", "5");
            case DELAYER ->
                    Map.of(
                            "PUSHGATE_DELAYER_DEAD_AFTER_REFRESHES", "5",
                            "PUSHGATE_DELAYER_IDLE_CHECK", "500ms",
                            "PUSHGATE_DELAYER_SWEEP_TICK", "2s",
                            "PUSHGATE_DELAYER_OUTBOX_AGE", "5s");
            case ACCESS ->
                    Map.of(
                            "PUSHGATE_ACCESS_HOST", "127.0.0.1",
                            "PUSHGATE_ACCESS_LEASE_TTL", millis(LEASE) + "ms",
                            "PUSHGATE_ACCESS_GOAWAY_SPREAD", millis(GOAWAY_SPREAD) + "ms",
                            "PUSHGATE_ACCESS_LIMITS_SLOW_AFTER", millis(SLOW_AFTER) + "ms");
        };
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
