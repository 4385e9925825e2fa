package io.pushgate.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerFactsTest {
    @Test
    void shardedChannelsAreThereFromVersion7On() {
        assertThat(facts("redis_version:7.0.15").hasShardedPubSub()).isTrue();
        assertThat(facts("redis_version:10.1").hasShardedPubSub()).isTrue();
        assertThat(facts("redis_version:6.2.14").hasShardedPubSub()).isFalse();
        assertThat(facts("redis_version:unstable").hasShardedPubSub()).isFalse();
        assertThat(facts("").hasShardedPubSub()).isFalse();
    }

    @Test
    void clusterModeIsRead() {
        assertThat(facts("redis_version:7.0.15\r\n# Cluster\r\ncluster_enabled:1\r\n").cluster())
                .isTrue();
        assertThat(facts("redis_version:7.0.15\r\n# Cluster\r\ncluster_enabled:0\r\n").cluster())
                .isFalse();
    }

    private static ServerFacts facts(String info) {
        return ServerFacts.parse(info);
    }
}
