package io.pushgate.runtime.redis;

/**
 * What a server says of itself.
 *
 * @param version such as {@code 7.0.15}
 * @param cluster whether it runs in cluster mode
 */
record ServerFacts(String version, boolean cluster) {
    private static final int FIRST_WITH_SHARDED_PUBSUB = 7;

    /** Reads the answer to INFO; what is missing counts as the oldest and the simplest. */
    static ServerFacts parse(String info) {
        String version = "0";
        boolean cluster = false;
        for (String line : info.lines().toList()) {
            if (line.startsWith("redis_version:")) {
                version = line.substring("redis_version:".length()).strip();
            } else if (line.strip().equals("cluster_enabled:1")) {
                cluster = true;
            }
        }
        return new ServerFacts(version, cluster);
    }

    /** Whether it knows SPUBLISH and SSUBSCRIBE. */
    boolean hasShardedPubSub() {
        int dot = version.indexOf('.');
        String major = dot < 0 ? version : version.substring(0, dot);
        return major.chars().allMatch(Character::isDigit)
                && !major.isEmpty()
                && Integer.parseInt(major) >= FIRST_WITH_SHARDED_PUBSUB;
    }
}
