package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.access.ProbedNode.Instances;
import io.pushgate.access.auth.Keys;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What an idle connection keeps in the heap of its node, by class. {@code -Dconnection.cost=10000}
 * measures with so many, and prints the list.
 */
class ConnectionCostTest {
    private static final Logger log = LoggerFactory.getLogger(ConnectionCostTest.class);

    /** Without the property: enough to tell what each has from what the node has once. */
    private static final int FEW = 300;

    private static final int CONNECTIONS = Integer.getInteger("connection.cost", FEW);
    private static final int WARM_UP = Math.max(100, CONNECTIONS / 10);
    private static final String AS_THE_JAVA_CLIENT = "&version=java/1.2.3&cursors=";
    private static final long MOST_HEAP = 2_500;

    /** Buffers, timers, futures, lists of listeners, and what only the handshake needs. */
    private static final Pattern NOT_WHILE_IDLE =
            Pattern.compile(
                    ".*(ByteBuf|FutureTask|CompletableFuture|FutureListeners|Decoder"
                            + "|HandshakeHandler)");

    /** What the launcher runs a small node with. */
    private static final List<String> JVM =
            List.of(
                    System.getProperty("connection.cost.jvm", "-XX:+UseSerialGC"),
                    "-XX:+UseCompactObjectHeaders");

    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void anIdleConnectionKeepsWhatItsSessionIsAndNoMore() throws Exception {
        try (ProbedNode node = new ProbedNode(JVM, List.of())) {
            // What the first connections load and allocate once is no cost of each.
            connect(node, WARM_UP);
            push(node, 0, WARM_UP);
            Map<String, Instances> before = node.classes();
            ProbedNode.Memory empty = node.memory();
            connect(node, CONNECTIONS);
            long outside = node.memory().since(empty, CONNECTIONS).outside();
            Map<String, Instances> idle = difference(node.classes(), before);
            push(node, WARM_UP, CONNECTIONS);
            Map<String, Instances> acked = difference(node.classes(), before);
            if (CONNECTIONS != FEW) {
                print(idle, acked, outside);
            }
            assertThat(heap(idle)).isBetween(1L, MOST_HEAP);
            assertThat(heap(acked)).isBetween(1L, MOST_HEAP);
            assertThat(keptByEach(acked)).isEmpty();
        }
    }

    private void connect(ProbedNode node, int more) throws IOException {
        for (int i = 0; i < more; i++) {
            String device = "cost-" + clients.size();
            RawClient client =
                    RawClient.open(node.port(), Keys.token("shop", device), 0, AS_THE_JAVA_CLIENT);
            clients.add(client);
            client.awaitWelcome();
        }
    }

    /** A message to each of them, which it acks. */
    private void push(ProbedNode node, int from, int count) throws IOException {
        for (int i = from; i < from + count; i++) {
            node.push("shop", "cost-" + i, "m-" + i);
            RawClient client = clients.get(i);
            client.ack(client.nextPush().position());
        }
    }

    private static Map<String, Instances> difference(
            Map<String, Instances> after, Map<String, Instances> before) {
        Map<String, Instances> more = new TreeMap<>();
        after.forEach(
                (name, now) -> {
                    Instances then = before.getOrDefault(name, new Instances(0, 0));
                    more.put(
                            name,
                            new Instances(now.count() - then.count(), now.bytes() - then.bytes()));
                });
        return more;
    }

    private static List<String> keptByEach(Map<String, Instances> more) {
        return more.entrySet().stream()
                .filter(entry -> entry.getValue().count() > CONNECTIONS / 10)
                .map(Map.Entry::getKey)
                .filter(name -> NOT_WHILE_IDLE.matcher(name).matches())
                .toList();
    }

    /** Of one connection, in bytes. */
    private static long heap(Map<String, Instances> more) {
        return more.values().stream().mapToLong(Instances::bytes).sum() / CONNECTIONS;
    }

    private static void print(
            Map<String, Instances> idle, Map<String, Instances> acked, long outside) {
        StringBuilder list = new StringBuilder();
        idle.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> -entry.getValue().bytes()))
                .filter(entry -> entry.getValue().bytes() * 2 > CONNECTIONS)
                .forEach(entry -> list.append(line(entry.getKey(), entry.getValue())));
        log.warn(
                "{} idle connections, bytes each: heap {}, outside {}; heap after a message each"
                        + " {}; instances and bytes of each by class:{}",
                CONNECTIONS,
                heap(idle),
                outside,
                heap(acked),
                list);
    }

    private static String line(String name, Instances more) {
        return "%n%8.2f %8.1f  %s"
                .formatted(
                        (double) more.count() / CONNECTIONS,
                        (double) more.bytes() / CONNECTIONS,
                        name);
    }
}
