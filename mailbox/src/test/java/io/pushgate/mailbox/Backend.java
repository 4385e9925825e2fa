package io.pushgate.mailbox;

import static org.awaitility.Awaitility.await;

import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.testkit.TestRedis;
import io.pushgate.testkit.TestRedisCluster;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The kinds of Redis that everything has to work on. */
enum Backend {
    SINGLE,
    CLUSTER;

    /** One of each for all tests of the JVM, ended with it. */
    private static final Map<Backend, RedisConnection> connections = new EnumMap<>(Backend.class);

    RedisConnection connection() {
        synchronized (connections) {
            return connections.computeIfAbsent(this, _ -> open());
        }
    }

    void flushAll() {
        switch (this) {
            case SINGLE -> TestRedis.shared().flushAll();
            case CLUSTER -> TestRedisCluster.shared().flushAll();
        }
    }

    private RedisConnection open() {
        RedisConfig config =
                switch (this) {
                    case SINGLE -> TestRedis.shared().config();
                    case CLUSTER -> TestRedisCluster.shared().config();
                };
        RedisConnection opened = RedisConnection.open(config);
        await().atMost(Duration.ofSeconds(15)).until(() -> opened.check().ok());
        return opened;
    }
}
