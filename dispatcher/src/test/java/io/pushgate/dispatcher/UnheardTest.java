package io.pushgate.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Route;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TestRedis;
import io.pushgate.testkit.TestTopics;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** What is published while the node's subscription is away, on real Redis. */
class UnheardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Rig rig;

    @BeforeEach
    void setUp() throws Exception {
        rig = new Rig(TestRedis.shared().uri(), TestKafka.shared().bootstrapServers());
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void aNodeThatSubscribesALittleLaterGetsIt() throws Exception {
        try (Dispatcher _ = rig.dispatcher()) {
            // More than once, as a machine that stands still may take longer than all tries.
            await("heard").atMost(PATIENCE).until(this::isHeardByALateNode);
        }
        assertThat(rig.count(DispatcherMeters.UNHEARD, "outcome", "heard")).isEqualTo(1);
    }

    private boolean isHeardByALateNode() throws Exception {
        String id = TestTopics.unique("node");
        rig.lease(id);
        double before = ended();
        rig.send(rig.push("d", new Route(id, 1), "early", 10));
        rig.flush();
        await("unheard")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> rig.gauge(DispatcherMeters.UNHEARD_WAITING) > 0 || ended() > before);
        try (FakeNode late = new FakeNode(id, rig.context.bus())) {
            await("an end").until(() -> ended() > before);
            return late.ids().equals(List.of("early"));
        }
    }

    @Test
    void whatNobodyEverHearsIsLeftToTheDelayerAndSoIsWhatWouldBeTooMuch() {
        NodeMessage empty = new NodeMessage.Batch("", Priority.NORMAL, List.of());
        NodeBatches.Outgoing one = new NodeBatches.Outgoing(TestTopics.unique("nobody"), empty, 0);
        try (Unheard unheard = new Unheard(rig.context.bus(), rig.registry)) {
            for (int i = 0; i < Unheard.MOST_WAITING + 2; i++) {
                unheard.retry(one);
            }
            assertThat(rig.count(DispatcherMeters.UNHEARD, "outcome", "overflowed")).isEqualTo(2);
            await("given up")
                    .until(
                            () ->
                                    rig.count(DispatcherMeters.UNHEARD, "outcome", "left")
                                            == Unheard.MOST_WAITING);
            assertThat(rig.gauge(DispatcherMeters.UNHEARD_WAITING)).isZero();
        }
    }

    private double ended() {
        return rig.count(DispatcherMeters.UNHEARD, "outcome", "heard")
                + rig.count(DispatcherMeters.UNHEARD, "outcome", "left");
    }
}
