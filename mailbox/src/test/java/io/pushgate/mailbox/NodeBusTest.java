package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.NodeMessageCodec;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;
import io.pushgate.runtime.redis.RedisChannels;
import io.pushgate.runtime.redis.Subscription;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

class NodeBusTest {
    @ParameterizedTest
    @EnumSource
    void nodesHearWhatIsSaidToThemAndDispatchersTheirAnswers(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = new Route("n1", 7);
        NodeMessage batch =
                new NodeMessage.Batch(
                        "d1",
                        List.of(
                                new NodeMessage.Timed(
                                        new Delivery.Redeliver(POS, route, 1), StageTimes.NONE)));
        NodeMessage.Bounce bounce =
                new NodeMessage.Bounce("n1", List.of(new NodeMessage.Missed(POS, route)));
        Queue<NodeMessage> heard = new ConcurrentLinkedQueue<>();
        Queue<NodeMessage> answers = new ConcurrentLinkedQueue<>();
        try (RedisChannels channels = new RedisChannels(backend.connection())) {
            NodeBus bus = new NodeBus(channels, f.registry);
            try (Subscription node = bus.subscribe("n1", heard::add);
                    Subscription replies = bus.subscribeReplies("d1", answers::add)) {
                get(node.ready());
                get(replies.ready());
                get(bus.publish("n2", new NodeMessage.Probe(1)));
                get(bus.publish("n1", batch));
                get(bus.publishReply("d1", bounce));
                await().until(() -> !heard.isEmpty() && !answers.isEmpty());
                assertThat(heard).containsExactly(batch);
                assertThat(answers).containsExactly(bounce);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoMessageIsCountedAndTheNextOneHeard(Backend backend) {
        Fixture f = Fixture.on(backend);
        Queue<NodeMessage> heard = new ConcurrentLinkedQueue<>();
        try (RedisChannels channels = new RedisChannels(backend.connection())) {
            NodeBus bus = new NodeBus(channels, f.registry);
            try (Subscription node = bus.subscribe("n1", heard::add);
                    Subscription replies = bus.subscribeReplies("d1", heard::add)) {
                get(node.ready());
                get(replies.ready());
                get(channels.publish("{node:n1}", new byte[] {77, 1, 2}));
                get(
                        channels.publish(
                                "{reply:d1}", NodeMessageCodec.encode(new NodeMessage.Probe(1))));
                get(bus.publish("n1", new NodeMessage.Probe(2)));
                await().until(() -> f.errors(MailboxError.BAD_NODE_MESSAGE) == 2);
                await().until(() -> !heard.isEmpty());
                assertThat(heard).containsExactly(new NodeMessage.Probe(2));
            }
        }
    }
}
