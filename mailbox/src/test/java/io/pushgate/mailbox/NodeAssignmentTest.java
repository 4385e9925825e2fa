package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class NodeAssignmentTest {
    private final Random random = Seeds.random();

    private static NodeLease node(String id, String address, int connections, boolean draining) {
        return new NodeLease(id, address, connections, "eu", "1", 1, draining);
    }

    @Test
    void keepsNodesEvenFromAnyBeginning() {
        List<NodeLease> nodes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            nodes.add(node("n" + i, "n" + i + ":1", random.nextInt(100), false));
        }
        for (int i = 0; i < 10_000; i++) {
            NodeLease chosen = NodeAssignment.choose(nodes, random).orElseThrow();
            nodes.remove(chosen);
            nodes.add(chosen.withConnections(chosen.connections() + 1));
        }
        int most = nodes.stream().mapToInt(NodeLease::connections).max().orElseThrow();
        int least = nodes.stream().mapToInt(NodeLease::connections).min().orElseThrow();
        assertThat(most - least).isLessThanOrEqualTo(20);
    }

    @Test
    void ofTwoItIsTheOneWithFewer() {
        List<NodeLease> nodes = List.of(node("a", "a:1", 5, false), node("b", "b:1", 4, false));
        for (int i = 0; i < 20; i++) {
            assertThat(NodeAssignment.choose(nodes, random)).contains(nodes.get(1));
        }
    }

    @Test
    void nobodyIsSentToWhatLeavesOrHasNoAddress() {
        NodeLease good = node("good", "10.0.0.1:1", 9_000, false);
        List<NodeLease> nodes =
                List.of(
                        node("leaves", "10.0.0.2:1", 0, true),
                        node("any", "0.0.0.0:8080", 0, false),
                        node("any6", "[::]:8080", 0, false),
                        good);
        assertThat(NodeAssignment.choose(nodes, random)).contains(good);
        assertThat(NodeAssignment.choose(nodes.subList(0, 3), random)).isEmpty();
        assertThat(NodeAssignment.choose(List.of(), random)).isEmpty();
    }
}
