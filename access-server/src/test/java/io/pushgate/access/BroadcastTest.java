package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.access.auth.Keys;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.testkit.LeakCheck;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Broadcast logs over a real Redis and real sockets, on every transport that works here. */
@ParameterizedClass
@EnumSource(
        value = AccessConfig.Transport.class,
        names = {"EPOLL", "NIO"})
@ExtendWith(LeakCheck.class)
class BroadcastTest {
    private static final AtomicInteger APPS = new AtomicInteger();

    private final String app =
            "app-" + ProcessHandle.current().pid() + "-" + APPS.incrementAndGet();
    private final LogKey all = LogKey.all(app);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final String transport;

    BroadcastTest(AccessConfig.Transport transport) {
        this.transport = transport.name().toLowerCase(Locale.ROOT);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void everyDeviceGetsEachOnceInOrderThoughOneInThreeIsLostOnTheWay() throws Exception {
        List<AccessNode> nodes = List.of(node("1m"), node("1m"), node("100ms"));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clients.add(client(nodes.get(i % 3), "d" + i, "pos", ""));
        }
        List<String> ids = new ArrayList<>();
        AccessNode publisher = nodes.getFirst();
        for (int i = 0; i < 60; i++) {
            ids.add("b" + i);
            Broadcast broadcast = publisher.append(all, "b" + i);
            if (i % 3 != 1) {
                publisher.publish(broadcast, nodes.get(0), nodes.get(1));
            }
            // The third node hears of nothing, and finds it all by itself.
        }
        for (RawClient client : clients) {
            List<String> got = new ArrayList<>();
            while (got.size() < ids.size()) {
                ServerFrame.Push push = client.nextPush();
                got.add(push.id());
                client.ackInLog(push);
            }
            assertThat(got).isEqualTo(ids);
        }
        assertThat(nodes.getFirst().count(AccessMeters.LOG_GAPS)).isPositive();
        await().until(
                        () ->
                                nodes.stream()
                                                .mapToDouble(n -> n.count(AccessMeters.LOG_ACKED))
                                                .sum()
                                        == 12 * 60);
        assertThat(nodes.stream().mapToDouble(n -> n.count(AccessMeters.LOG_SENT)).sum())
                .as("nothing twice")
                .isEqualTo(12 * 60);
    }

    @Test
    void theCursorIsKeptForAClientThatDoesNotAndComesAlongToAnotherNode() throws Exception {
        AccessNode first = node("100ms");
        AccessNode second = node("100ms");
        first.append(all, "before it existed");
        RawClient client = client(first, "d", "pos", "");
        first.publish(first.append(all, "b1"), first);
        ServerFrame.Push push = client.nextPush();
        assertThat(push.id()).isEqualTo("b1");
        client.ackInLog(push);
        await().until(() -> first.count(AccessMeters.LOG_ACKED) == 1);
        client.close();
        first.append(all, "b2");
        await().untilAsserted( // once it is saved
                        () -> {
                            try (RawClient again = connect(second, "d", "pos", "")) {
                                assertThat(again.nextPush().id()).isEqualTo("b2");
                            }
                        });
    }

    @Test
    void aClientThatKeepsItsCursorResumesAndIsToldWhatIsGoneForGood() throws Exception {
        AccessNode node = node("100ms");
        Position early = node.append(all, "b0").position();
        Position late = node.append(all, "b1").position();
        node.append(all, "b2");
        RawClient client = client(node, "d", "pos", "&cursors=all:" + late);
        assertThat(client.nextPush().id()).isEqualTo("b2");

        for (int i = 3; i <= 1_000; i++) { // a log keeps 1,000
            node.append(all, "b" + i);
        }
        AccessNode other = node("100ms"); // with the newest 256 in memory
        RawClient away = client(other, "e", "pos", "&cursors=all:" + early);
        assertThat(away.next()).as("b1 is the next").isInstanceOf(ServerFrame.Push.class);
        node.append(all, "b1001");
        RawClient longAway = client(other, "f", "pos", "&cursors=all:" + early);
        assertThat(longAway.next()).isEqualTo(new ServerFrame.Reset("all", late));
        assertThat(longAway.nextPush().id()).isEqualTo("b2");
    }

    @Test
    void platformAndAppDecideWhoGetsIt() throws Exception {
        AccessNode node = node("100ms");
        RawClient till = client(node, "till", "pos", "");
        RawClient page = client(node, "page", "web", "");
        node.publish(node.append(all, "for-web", "web"), node);
        node.publish(node.append(LogKey.all(app + "-other"), "for-others"), node);
        node.publish(node.append(all, "for-both", "web", "pos"), node);
        node.publish(node.append(all, "for-pos", "pos"), node);
        assertThat(List.of(till.nextPush().id(), till.nextPush().id()))
                .containsExactly("for-both", "for-pos");
        assertThat(List.of(page.nextPush().id(), page.nextPush().id()))
                .containsExactly("for-web", "for-both");
    }

    @Test
    void aNodeThatStartsAnewServesThoseWhoComeBackFromMemory() throws Exception {
        AccessNode old = node("100ms");
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            positions.add(old.append(all, "b" + i).position());
        }
        old.kill();
        open.remove(old);
        AccessNode fresh = node("100ms");
        for (int i = 0; i < 10; i++) {
            RawClient client = client(fresh, "d" + i, "pos", "&cursors=all:" + positions.get(i));
            for (int k = i + 1; k < 20; k++) {
                assertThat(client.nextPush().id()).isEqualTo("b" + k);
            }
        }
        assertThat(fresh.count(AccessMeters.FETCHES, "reason", "broadcast")).isZero();
    }

    private AccessNode node(String check) throws Exception {
        AccessNode node = AccessNode.start(Map.of("transport", transport, "logs.check", check));
        open.add(node);
        return node;
    }

    private RawClient client(AccessNode node, String device, String platform, String query)
            throws IOException {
        RawClient client = connect(node, device, platform, query);
        open.add(client);
        return client;
    }

    private RawClient connect(AccessNode node, String device, String platform, String query)
            throws IOException {
        return node.open(Keys.claims(app, device).claim("platform", platform), query);
    }
}
