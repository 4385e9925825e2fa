package io.pushgate.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

@Isolated // it empties the Redis that the others share
class FixturesTest {
    @Test
    void theSharedRedisIsOneAndCantBeStopped() {
        TestRedis redis = TestRedis.shared();
        assertThat(TestRedis.shared()).isSameAs(redis);
        assertThat(redis.command("SET", "k", "v")).isEqualTo("OK");
        redis.flushAll();
        assertThat(redis.command("GET", "k")).isNull();
        assertThatThrownBy(redis::stop).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(redis::close).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void theSharedKafkaIsOneAndCantBeStopped() throws Exception {
        TestKafka kafka = TestKafka.shared();
        assertThat(TestKafka.shared()).isSameAs(kafka);
        String topic = TestTopics.unique("fixtures");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).contains(topic);
        }
        assertThatThrownBy(kafka::stop).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void theSharedClusterServesAndIsFlushed() throws Exception {
        TestRedisCluster cluster = TestRedisCluster.shared();
        assertThat(TestRedisCluster.shared()).isSameAs(cluster);
        assertThat(cluster.servers().nodes()).hasSize(3);
        cluster.flushAll();
    }

    @Test
    void namesAreUnique() {
        assertThat(TestTopics.unique("a")).isNotEqualTo(TestTopics.unique("a")).startsWith("a-");
    }

    @Test
    void aSeedRepeatsARun() {
        String before = System.getProperty("seed");
        try {
            System.setProperty("seed", "42");
            assertThat(Seeds.random().nextLong()).isEqualTo(Seeds.random().nextLong());
        } finally {
            if (before == null) {
                System.clearProperty("seed");
            } else {
                System.setProperty("seed", before);
            }
        }
    }
}
