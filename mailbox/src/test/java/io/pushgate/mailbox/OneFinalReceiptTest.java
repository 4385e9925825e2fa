package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Withdrawing.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.Target;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Several purgers, nodes and people at once: whatever order their calls come in, each message that
 * was offered to a device ends there in exactly one final receipt, and of those that the first ack
 * decides at most one device has {@code delivered}. A seed repeats what each of them does, not how
 * they interleave.
 */
class OneFinalReceiptTest {
    private static final int ACTORS = 6;
    private static final int STEPS = 150;
    private static final int DEVICES = 6;

    private final Random seeds = Seeds.random();
    private final AtomicInteger ids = new AtomicInteger();
    private final Set<String> offered = ConcurrentHashMap.newKeySet();
    private final Set<String> contested = ConcurrentHashMap.newKeySet();

    @ParameterizedTest
    @EnumSource
    void whateverHappensAtOnce(Backend backend) throws Exception {
        Fixture f = Fixture.on(backend, Withdrawing.config(6));
        try (Withdrawing gateway = new Withdrawing(f);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Route> routes = new ArrayList<>();
            for (int i = 0; i < DEVICES; i++) {
                routes.add(f.register(device(i)).route());
            }
            List<CompletableFuture<Void>> actors = new ArrayList<>();
            for (int i = 0; i < ACTORS; i++) {
                Random random = new Random(seeds.nextLong());
                actors.add(
                        CompletableFuture.runAsync(() -> act(f, gateway, routes, random), threads));
            }
            for (CompletableFuture<Void> actor : actors) {
                get(actor);
            }
            f.pass(Duration.ofHours(2));
            for (int i = 0; i < DEVICES; i++) {
                while (!f.expire(device(i)).isEmpty()) {
                    gateway.settleAll(true);
                }
            }
            gateway.settleAll(true);
            gateway.settleAll(true);

            Map<String, Long> finals =
                    gateway.finals().stream()
                            .collect(
                                    Collectors.groupingBy(
                                            r -> r.device() + " " + r.id(), Collectors.counting()));
            assertThat(finals.keySet()).isEqualTo(offered);
            assertThat(finals.values()).containsOnly(1L);
            Map<String, Long> kept =
                    gateway.finals().stream()
                            .filter(r -> r.status() == Receipt.Status.DELIVERED)
                            .filter(r -> contested.contains(r.id()))
                            .collect(Collectors.groupingBy(Receipt::id, Collectors.counting()));
            assertThat(kept.values()).containsOnly(1L);
            assertThat(gateway.finals())
                    .extracting(Receipt::status)
                    .contains(
                            Receipt.Status.DELIVERED,
                            Receipt.Status.RECALLED,
                            Receipt.Status.SUPERSEDED,
                            Receipt.Status.OVERFLOWED,
                            Receipt.Status.EXPIRED);
        }
    }

    private void act(Fixture f, Withdrawing gateway, List<Route> routes, Random random) {
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> push(f, random);
                case 4, 5, 6 -> ack(f, routes, random);
                case 7 -> gateway.recall("m" + recent(random));
                case 8 -> f.expire(device(random.nextInt(DEVICES)));
                default -> gateway.settleAll(random.nextBoolean());
            }
        }
    }

    /** A purger: notes, offers device by device, and sometimes all over again. */
    private void push(Fixture f, Random random) {
        String id = "m" + ids.incrementAndGet();
        boolean first = random.nextInt(3) == 0;
        String collapse = random.nextInt(3) == 0 ? "key" + random.nextInt(3) : null;
        Duration ttl = random.nextInt(4) == 0 ? Duration.ofMillis(5) : Duration.ofHours(1);
        List<DeviceKey> devices = new ArrayList<>();
        for (int i = 0; i < DEVICES; i++) {
            if (random.nextBoolean()) {
                devices.add(device(i));
            }
        }
        if (devices.isEmpty()) {
            return;
        }
        if (first) {
            contested.add(id);
        }
        Target target =
                new Target.Devices(devices.stream().map(DeviceKey::device).toList(), Set.of());
        for (int tries = random.nextInt(5) == 0 ? 2 : 1; tries > 0; tries--) {
            boolean recalled =
                    get(f.mailbox
                                    .messages()
                                    .note(
                                            List.of(
                                                    new Messages.Note(
                                                            "shop", id, target, Duration.ZERO))))
                            .getFirst();
            for (DeviceKey device : devices) {
                offered.add(device.device() + " " + id);
                f.offer(
                        new Offer(
                                device,
                                f.message(id, ttl),
                                "0:" + id,
                                Set.of(),
                                collapse,
                                first,
                                recalled));
            }
        }
    }

    /** A device that acks some of what it has, perhaps again. */
    private void ack(Fixture f, List<Route> routes, Random random) {
        int i = random.nextInt(DEVICES);
        List<Entry> entries = get(f.mailbox.fetch(device(i), Position.NONE, 12)).entries();
        if (!entries.isEmpty()) {
            Entry upTo = entries.get(Math.min(random.nextInt(3), entries.size() - 1));
            f.ack(device(i), routes.get(i), upTo.position());
        }
    }

    private int recent(Random random) {
        return Math.max(1, ids.get() + 3 - random.nextInt(12));
    }
}
