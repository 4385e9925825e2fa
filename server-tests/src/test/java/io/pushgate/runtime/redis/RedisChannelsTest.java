package io.pushgate.runtime.redis;

import static io.pushgate.runtime.redis.RedisTests.awaitOk;
import static io.pushgate.runtime.redis.RedisTests.bytes;
import static io.pushgate.runtime.redis.RedisTests.get;
import static io.pushgate.runtime.redis.RedisTests.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.testkit.TestRedis;
import io.pushgate.testkit.TestTopics;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

class RedisChannelsTest {
    private final Queue<String> received = new ConcurrentLinkedQueue<>();

    @Test
    void messagesArriveInOrder() throws Exception {
        try (RedisConnection redis = RedisConnection.open(TestRedis.shared().config());
                RedisChannels channels = new RedisChannels(redis)) {
            String channel = TestTopics.unique("{node:a}");
            get(channels.subscribe(channel, message -> received.add(text(message))).ready());
            awaitOk(redis);
            List<String> sent = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
            for (String message : sent) {
                var _ = channels.publish(channel, bytes(message));
            }
            await().untilAsserted(() -> assertThat(received).containsExactlyElementsOf(sent));
        }
    }

    @Test
    void aSubscriptionMadeBeforeTheServerIsThereBecomesActiveWithIt() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            server.kill();
            try (RedisConnection redis = RedisConnection.open(server.config());
                    RedisChannels channels = new RedisChannels(redis)) {
                Subscription subscription =
                        channels.subscribe("c", message -> received.add(text(message)));
                assertThat(subscription.isActive()).isFalse();
                assertThatThrownBy(() -> get(channels.publish("c", bytes("lost"))))
                        .hasCauseInstanceOf(RedisException.class);
                server.restart();
                get(subscription.ready());
                get(channels.publish("c", bytes("kept")));
                await().untilAsserted(() -> assertThat(received).containsExactly("kept"));
            }
        }
    }

    @Test
    void itIsMadeAgainAfterARestart() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (TestRedis server = TestRedis.start();
                RedisConnection redis = RedisConnection.open(server.config());
                RedisChannels channels = new RedisChannels(redis)) {
            redis.bindTo(registry);
            Subscription first =
                    channels.subscribe("first", message -> received.add(text(message)));
            Subscription second =
                    channels.subscribe("second", message -> received.add(text(message)));
            get(first.ready());
            get(second.ready());

            server.kill();
            await().until(() -> !first.isActive() && !second.isActive());
            assertThat(registry.get("pushgate.redis.subscriptions").gauge().value()).isZero();
            assertThat(registry.get("pushgate.redis.subscriptions.lost").functionCounter().count())
                    .isEqualTo(2);

            server.restart();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> first.isActive() && second.isActive());
            awaitOk(redis);
            get(channels.publish("first", bytes("1")));
            get(channels.publish("second", bytes("2")));
            await().untilAsserted(() -> assertThat(received).containsExactlyInAnyOrder("1", "2"));
        }
    }

    @Test
    void aHandlerThatThrowsLosesOnlyThatMessage() throws Exception {
        try (RedisConnection redis = RedisConnection.open(TestRedis.shared().config());
                RedisChannels channels = new RedisChannels(redis)) {
            String channel = TestTopics.unique("channel");
            get(
                    channels.subscribe(
                                    channel,
                                    message -> {
                                        if (text(message).equals("bad")) {
                                            throw new IllegalStateException("on purpose");
                                        }
                                        received.add(text(message));
                                    })
                            .ready());
            get(channels.publish(channel, bytes("bad")));
            get(channels.publish(channel, bytes("good")));
            await().untilAsserted(() -> assertThat(received).containsExactly("good"));
            assertThat(redis.counters().handlerErrors.sum()).isEqualTo(1);
        }
    }

    @Test
    void aClosedSubscriptionGetsNothingAndItsChannelCanBeTakenAgain() throws Exception {
        try (RedisConnection redis = RedisConnection.open(TestRedis.shared().config());
                RedisChannels channels = new RedisChannels(redis)) {
            String channel = TestTopics.unique("channel");
            Subscription old = channels.subscribe(channel, message -> received.add("old"));
            get(old.ready());
            assertThatThrownBy(() -> channels.subscribe(channel, message -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(channel);
            old.close();
            get(channels.publish(channel, bytes("1")));

            Subscription fresh =
                    channels.subscribe(channel, message -> received.add(text(message)));
            get(fresh.ready());
            get(channels.publish(channel, bytes("2")));
            // What was on its way while the channel changed hands may be the new one's.
            await().untilAsserted(() -> assertThat(received).endsWith("2"));
            assertThat(received).doesNotContain("old");
            assertThat(redis.counters().subscriptions.get()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatHangsIsLeftAndComeBackTo() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisConnection redis =
                        RedisConnection.open(
                                new RedisConfig(
                                        server.uri(),
                                        RedisConfig.Mode.AUTO,
                                        Duration.ofMillis(300)));
                RedisChannels channels = new RedisChannels(redis)) {
            Subscription subscription =
                    channels.subscribe("c", message -> received.add(text(message)));
            get(subscription.ready());
            server.pause();
            await().until(() -> !subscription.isActive());
            server.resume();
            await().atMost(Duration.ofSeconds(10)).until(subscription::isActive);
            get(channels.publish("c", bytes("back")));
            await().untilAsserted(() -> assertThat(received).containsExactly("back"));
        }
    }
}
