package io.pushgate.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class EmbeddedRedisClusterTest {
    @Test
    void formsAndServesEverySlot() throws IOException {
        try (EmbeddedRedisCluster cluster = new EmbeddedRedisCluster(3, 0)) {
            cluster.start();
            assertThat(cluster.nodes()).hasSize(3).allMatch(EmbeddedRedis::isRunning);
            assertThat(cluster.uri()).matches("(redis://127.0.0.1:\\d+,?){3}");
            for (int i = 0; i < 30; i++) {
                try (RedisWire wire = RedisWire.connect(cluster.ownerOf("key" + i).port())) {
                    assertThat(wire.call("SET", "key" + i, "v")).isEqualTo("OK");
                    assertThat((String) wire.call("CLUSTER", "INFO"))
                            .contains(
                                    "cluster_state:ok", "cluster_slots_ok:16384", "cluster_size:3");
                }
            }
        }
    }
}
