package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.pushgate.client.EventLoops;
import io.pushgate.protocol.Receipt;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A rolling upgrade half way: one of each role writes the formats of a later release. */
class MixedVersionsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int DEVICES = 60;
    private static final int MESSAGES = 3_000;

    /** Pub/sub loses some, so that delayers, too, have something to write. */
    @Test
    void rolesOfTwoReleasesServeTheSameDevices() throws Exception {
        ClusterSettings settings =
                new ClusterSettings()
                        .set("mailbox.backoff", "500ms,500ms,500ms,500ms,500ms,1s,1s,1s")
                        .set("delayer.tick", "50ms")
                        .set("delayer.idle-check", "100ms")
                        .hook(RoleKind.DISPATCHER, LossyBus::under);
        EventLoopGroup loops = EventLoops.create(1, "devices");
        List<TestDevice> devices = new ArrayList<>();
        try (Cluster cluster = settings.start()) {
            for (RoleKind kind : List.of(RoleKind.values()).reversed()) {
                if (kind != RoleKind.CONSOLE) {
                    addNext(cluster, settings, kind);
                }
            }
            cluster.awaitReady();
            devices.addAll(cluster.clients(DEVICES, loops));

            List<CompletableFuture<?>> published = new ArrayList<>();
            for (int m = 0; m < MESSAGES; m++) {
                String device = "pos-" + m % DEVICES;
                published.add(
                        cluster.publish(cluster.request("m-" + m, device, "1"))
                                .toCompletableFuture());
            }
            published.forEach(CompletableFuture::join);
            await().atMost(PATIENCE)
                    .until(() -> devices.stream().mapToInt(TestDevice::received).sum() >= MESSAGES);

            for (int d = 0; d < DEVICES; d++) {
                List<String> expected = new ArrayList<>();
                for (int m = d; m < MESSAGES; m += DEVICES) {
                    expected.add("m-" + m);
                }
                assertThat(devices.get(d).ids()).as("pos-" + d).isEqualTo(expected);
                assertThat(devices.get(d).errors()).isEmpty();
            }
            await().atMost(PATIENCE).until(() -> delivered(cluster) == MESSAGES);
            assertEachMetBothAndLeftNothingOut(cluster);
        } finally {
            devices.forEach(TestDevice::close);
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static void addNext(Cluster cluster, ClusterSettings settings, RoleKind kind)
            throws Exception {
        var _ =
                cluster.add(
                        kind,
                        NextFormat.SETTINGS,
                        context -> settings.hook(kind).apply(NextFormat.under(context)));
    }

    private static long delivered(Cluster cluster) {
        return cluster.receipts().all().stream()
                .filter(receipt -> receipt.status() == Receipt.Status.DELIVERED)
                .map(Receipt::id)
                .distinct()
                .count();
    }

    private static void assertEachMetBothAndLeftNothingOut(Cluster cluster) {
        for (RoleKind kind : RoleKind.values()) {
            for (Member member : cluster.members(kind)) {
                String who = kind.command() + " " + member.nodeId();
                assertThat(member.count("pushgate.dispatcher.dropped", "reason", "malformed"))
                        .as(who)
                        .isZero();
                assertThat(member.count("pushgate.errors", "role", "mailbox")).as(who).isZero();
            }
        }
        for (Member member : cluster.members(RoleKind.DISPATCHER)) {
            assertThat(member.count("pushgate.dispatcher.published"))
                    .as(member.nodeId())
                    .isPositive();
        }
        assertThat(cluster.count(RoleKind.DELAYER, "pushgate.delayer.redeliveries")).isPositive();
        for (NextFormat.Seen seen : List.of(NextFormat.DELIVERIES, NextFormat.MESSAGES)) {
            // What it wrote and did not read itself was read by a member of this release.
            assertThat(seen.readThis()).isPositive();
            assertThat(seen.readNext()).isPositive();
            assertThat(seen.written()).isGreaterThan(seen.readNext());
        }
    }
}
