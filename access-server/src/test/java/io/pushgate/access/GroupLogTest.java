package io.pushgate.access;

import static io.pushgate.access.AccessNode.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.access.auth.Keys;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.testkit.LeakCheck;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Logs of groups over a real Redis and real sockets. */
@ExtendWith(LeakCheck.class)
class GroupLogTest {
    private static final AtomicInteger APPS = new AtomicInteger();

    private final String app =
            "groups-" + ProcessHandle.current().pid() + "-" + APPS.incrementAndGet();
    private final LogKey all = LogKey.all(app);
    private final LogKey tills = LogKey.group(app, "tills");
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @Test
    void membersGetEachOnceWhateverIsLostOnTheWayAndOthersGetNone() throws Exception {
        AccessNode node = node();
        AccessNode deaf = node(); // hears of nothing, and finds it all by itself
        List<RawClient> members =
                List.of(
                        client(node, "till-1", "", "tills"),
                        client(node, "till-2", "", "north", "tills"),
                        client(deaf, "till-3", "", "tills"));
        RawClient stranger = client(node, "desk", "", "north");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            ids.add("b" + i);
            if (i % 3 == 0) {
                node.append(tills, "b" + i);
            } else {
                node.publish(node.append(tills, "b" + i), node);
            }
        }
        for (RawClient member : members) {
            List<String> got = new ArrayList<>();
            while (got.size() < ids.size()) {
                ServerFrame.Push push = member.nextPush();
                assertThat(push.log()).isEqualTo("g.tills");
                got.add(push.id());
                member.ackInLog(push);
            }
            assertThat(got).isEqualTo(ids);
        }
        node.publish(node.append(all, "for-all"), node);
        assertThat(stranger.nextPush().id()).isEqualTo("for-all");
        for (RawClient member : members.subList(0, 2)) {
            assertThat(member.nextPush().id()).as("nothing twice").isEqualTo("for-all");
        }
        assertThat(node.count(AccessMeters.LOG_SENT)).isEqualTo(2 * 9 + 3);
    }

    @Test
    void whoComesIntoTheGroupWhileConnectedGetsTheNextAndWhoLeavesNoMore() throws Exception {
        AccessNode node = node();
        RawClient device = client(node, "d", "");
        node.append(tills, "early");
        await("a later time").until(later());
        get(node.mailbox.groups().join(device("d"), "tills"));
        node.publish(node.append(tills, "b1"), node);
        assertThat(device.nextPush().id()).isEqualTo("b1");

        get(node.mailbox.groups().leave(device("d"), "tills"));
        AtomicInteger round = new AtomicInteger();
        await("its node has heard of it")
                .until(() -> between(node, device, round.incrementAndGet()).isEmpty());
        assertThat(between(node, device, 0)).isEmpty();

        await("a later time").until(later());
        get(node.mailbox.groups().join(device("d"), "tills"));
        node.publish(node.append(tills, "b2"), node);
        assertThat(device.nextPush().id()).as("none of those before").isEqualTo("b2");
    }

    /** What comes of a message for the group before one for all. */
    private List<String> between(AccessNode node, RawClient device, int round) throws Exception {
        node.publish(node.append(tills, "left-" + round), node);
        node.publish(node.append(all, "all-" + round), node);
        List<String> before = new ArrayList<>();
        String id = device.nextPush().id();
        while (!id.equals("all-" + round)) {
            before.add(id);
            id = device.nextPush().id();
        }
        return before;
    }

    @Test
    void whoWasAwayGetsWhatCameWhileItWasAMember() throws Exception {
        AccessNode first = node();
        AccessNode second = node();
        get(first.mailbox.groups().join(device("never-seen"), "tills"));
        RawClient member = client(first, "till", "", "tills");
        await("a later time").until(later());
        Position b1 = first.append(tills, "b1").position();
        ServerFrame.Push push = member.nextPush();
        assertThat(push.id()).isEqualTo("b1");
        member.ackInLog(push);
        await().until(() -> first.count(AccessMeters.LOG_ACKED) == 1);
        member.close();
        first.append(tills, "b2");
        await("once its cursor is saved")
                .untilAsserted(
                        () -> {
                            try (RawClient again = connect(second, "till", "", "tills")) {
                                assertThat(again.nextPush().id()).isEqualTo("b2");
                            }
                        });
        try (RawClient own = connect(second, "till", "&cursors=all:0-0,g.tills:" + b1, "tills")) {
            assertThat(own.nextPush().id()).isEqualTo("b2");
        }
        RawClient late = client(second, "never-seen", "");
        assertThat(List.of(late.nextPush().id(), late.nextPush().id())).containsExactly("b1", "b2");

        await("a later time").until(later());
        RawClient fresh = client(first, "new-till", "&cursors=g.tills:1-0", "tills");
        first.append(tills, "b3");
        assertThat(fresh.nextPush().id()).as("it came later, whatever it says").isEqualTo("b3");
    }

    @Test
    void anAckInALogThatItIsNoMemberOfIsNoFault() throws Exception {
        AccessNode node = node();
        RawClient device = client(node, "d", "");
        device.send("{\"t\":\"ack\",\"pos\":\"1-0\",\"log\":\"g.tills\"}");
        node.publish(node.append(all, "for-all"), node);
        assertThat(device.nextPush().id()).isEqualTo("for-all");
    }

    /** After now, by more than the place of a member in a log is uncertain. */
    private static Callable<Boolean> later() {
        long now = System.currentTimeMillis();
        return () -> System.currentTimeMillis() > now + 5;
    }

    private AccessNode node() throws Exception {
        AccessNode node = AccessNode.start(Map.of("logs.check", "100ms"));
        open.add(node);
        return node;
    }

    private DeviceKey device(String name) {
        return new DeviceKey(app, name);
    }

    private RawClient client(AccessNode node, String device, String query, String... groups)
            throws IOException {
        RawClient client = connect(node, device, query, groups);
        open.add(client);
        return client;
    }

    private RawClient connect(AccessNode node, String device, String query, String... groups)
            throws IOException {
        return node.open(Keys.claims(app, device).claim("groups", List.of(groups)), query);
    }
}
