package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void anOriginTellsByWhichLaneARequestCame() {
        assertThat(Topics.originOf("push.requests", 3, 42)).isEqualTo("3:42");
        assertThat(Topics.originOf("push.requests.bulk", 3, 42)).isEqualTo("bulk:3:42");
        for (String topic : Topics.lanesOf(Topics.REQUESTS)) {
            assertThat(Topics.topicOf(Topics.originOf(topic, 3, 42))).isEqualTo(topic);
        }
    }

    @Test
    void theNormalLaneHasThePlainName() {
        assertThat(Topics.lanesOf(Topics.DELIVERIES))
                .containsExactly("push.deliveries.high", "push.deliveries", "push.deliveries.bulk");
    }
}
