package io.pushgate.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;

import org.junit.jupiter.api.Test;

import java.util.List;

class NodeBatchesTest {
    private final NodeBatches batches = new NodeBatches("me", Priority.NORMAL, 100);

    @Test
    void keepsOneBatchPerNodeInOrder() {
        add("n1", "a", 10);
        add("n2", "b", 10);
        add("n1", "c", 10);
        assertThat(seen()).containsExactly("n1: a c", "n2: b");
    }

    @Test
    void splitsAtTheLimitAndLetsOneLargeDeliveryGoAlone() {
        add("n1", "a", 60);
        add("n1", "b", 60);
        add("n1", "c", 500);
        add("n1", "d", 40);
        add("n1", "e", 60);
        assertThat(seen()).containsExactly("n1: a", "n1: b", "n1: c", "n1: d e");
    }

    private void add(String node, String device, int bytes) {
        batches.add(
                node,
                new NodeMessage.Timed(
                        new Delivery.Redeliver(
                                new DeviceKey("shop", device), new Route(node, 1), 1),
                        StageTimes.NONE),
                bytes);
    }

    private List<String> seen() {
        return batches.all().stream()
                .map(
                        outgoing ->
                                outgoing.node()
                                        + ": "
                                        + String.join(
                                                " ",
                                                ((NodeMessage.Batch) outgoing.message())
                                                        .deliveries().stream()
                                                                .map(
                                                                        t ->
                                                                                t.delivery()
                                                                                        .device()
                                                                                        .device())
                                                                .toList()))
                .toList();
    }
}
