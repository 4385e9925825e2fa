package io.pushgate.runtime.config;

import java.time.Duration;

/** Where Redis is and how long to wait for it. */
public record RedisConfig(
        @Default("redis://127.0.0.1:6379")
                @Doc(
                        "Address as a redis:// or rediss:// URI, with user and password if any; several"
                                + " separated by commas are seeds of one cluster. With Sentinels:"
                                + " redis-sentinel://host1:26379,host2:26379/0#mymaster.")
                String uri,
        @Default("auto")
                @Doc("Whether the address is one server or a cluster; auto asks the server.")
                Mode mode,
        @Default("3s")
                @DurationRange(min = "10ms", max = "5m")
                @Doc("How long a request may take before it counts as failed.")
                Duration timeout,
        RedisSecurity security) {
    /** Without a password or authorities of its own. */
    public RedisConfig(String uri, Mode mode, Duration timeout) {
        this(uri, mode, timeout, RedisSecurity.NONE);
    }

    /** What stands behind the address. */
    public enum Mode {
        AUTO,
        SINGLE,
        CLUSTER
    }
}
