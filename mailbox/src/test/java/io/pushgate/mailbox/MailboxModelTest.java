package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Fixture.told;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Random operations on real Redis, each compared with a plain model. Time moves in whole hours,
 * while every wait and lifetime ends at half past, so that the seconds the test itself takes don't
 * matter.
 */
class MailboxModelTest {
    private static final int STEPS = 2000;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final MailboxConfig CONFIG =
            new MailboxConfig(
                    3,
                    6,
                    List.of(
                            Duration.ofMinutes(90),
                            Duration.ofMinutes(150),
                            Duration.ofMinutes(90)),
                    0,
                    512);

    private final Random random = Seeds.random();
    private final List<MailboxModel> models = new ArrayList<>();
    private final List<OutboxReceipt> receipts = new ArrayList<>();
    private int ids;

    @ParameterizedTest
    @EnumSource
    void randomOperations(Backend backend) {
        Fixture f = Fixture.on(backend, CONFIG);
        for (int i = 0; i < 7; i++) {
            models.add(new MailboxModel(new DeviceKey("shop", "d" + i), CONFIG));
        }
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(20)) {
                case 0, 1 -> register(f);
                case 2 -> unregister(f);
                case 3, 4, 5, 6 -> ack(f);
                case 7 ->
                        f.pass(
                                Duration.ofHours(
                                        random.nextInt(4) == 0 ? -1 : 1 + random.nextInt(2)));
                case 8, 9 -> claim(f);
                case 10 -> expire(f);
                case 11 -> compare(f);
                default -> offer(f);
            }
        }
        compare(f);
        // Receipts of before the clock stepped back are found once it is there again.
        f.pass(Duration.ofDays(5));
        accountForEverything(f);
    }

    private void offer(Fixture f) {
        List<Offer> offers = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            offers.add(randomOffer(f));
        }
        List<OfferResult> results = get(f.mailbox.offer(offers));
        for (int i = 0; i < offers.size(); i++) {
            Offer offer = offers.get(i);
            OfferResult result = results.get(i);
            List<String> expected = model(offer.device()).offer(offer, result, f.now());
            expect(expected, result instanceof OfferResult.Accepted a ? a.receipts() : List.of());
        }
    }

    private Offer randomOffer(Fixture f) {
        int id = random.nextInt(4) == 0 ? Math.max(0, ids - random.nextInt(60)) : ++ids;
        Duration ttl = Duration.ofMinutes(30 + 60L * List.of(1, 3, 12).get(random.nextInt(3)));
        byte[] payload = Bytes.of("\"" + "x".repeat(random.nextInt(1500)) + "\"");
        Message message =
                new Message(
                        "m" + id,
                        f.now(),
                        f.now() + ttl.toMillis(),
                        random.nextBoolean(),
                        false,
                        payload);
        String collapse = random.nextInt(3) == 0 ? "c" + random.nextInt(2) : null;
        String origin = "0:" + random.nextInt(2);
        Set<String> platforms = random.nextInt(4) == 0 ? Set.of("pos") : Set.of();
        return new Offer(any().device, message, origin, platforms, collapse);
    }

    private void register(Fixture f) {
        MailboxModel model = any();
        String last = random.nextBoolean() ? null : "m" + Math.max(0, ids - random.nextInt(30));
        Registered registered = f.register(model.device, last);
        expect(model.register(registered, last, f.now()), registered.receipts());
    }

    private void unregister(Fixture f) {
        MailboxModel model = any();
        Route route = anyRoute(model);
        boolean ended = get(f.mailbox.unregister(model.device, route));
        assertThat(ended).isEqualTo(model.unregister(route));
    }

    private void ack(Fixture f) {
        MailboxModel model = any();
        Ack ack = new Ack(model.device, anyRoute(model), anyPosition(model));
        AckResult result = get(f.mailbox.ack(List.of(ack))).getFirst();
        expect(model.ack(ack, result, f.now()), result.receipts());
    }

    private Position anyPosition(MailboxModel model) {
        return switch (random.nextInt(6)) {
            case 0 -> new Position(model.last.millis() + 1, 0);
            case 1 -> Position.NONE;
            default ->
                    model.inbox.isEmpty()
                            ? model.last
                            : model.inbox.get(random.nextInt(model.inbox.size())).position();
        };
    }

    private Route anyRoute(MailboxModel model) {
        Route live = model.session;
        if (live != null && random.nextInt(4) > 0) {
            return live;
        }
        return model.sessions.isEmpty()
                ? new Route("n1", 1)
                : model.sessions.get(random.nextInt(model.sessions.size()));
    }

    private void claim(Fixture f) {
        int shard = random.nextInt(CONFIG.shards());
        List<String> claims =
                get(f.mailbox.claim(shard, 100)).stream().map(this::describe).toList();
        List<String> expected =
                inShard(f, shard)
                        .map(model -> model.claim(f.now()))
                        .filter(Objects::nonNull)
                        .toList();
        assertThat(claims).containsExactlyInAnyOrderElementsOf(expected);
    }

    private String describe(Claim claim) {
        return switch (claim) {
            case Claim.Retry(var device, var route, var attempt) ->
                    device + " retry " + route + " " + attempt;
            case Claim.Exhausted(var device, var route, var told) -> {
                receipts.addAll(told);
                yield device + " exhausted " + route + " " + told(told).getFirst();
            }
            case Claim.Orphan(var device) -> device + " orphan";
        };
    }

    private void expire(Fixture f) {
        int shard = random.nextInt(CONFIG.shards());
        List<OutboxReceipt> expired = get(f.mailbox.expire(shard, 1000));
        for (MailboxModel model : inShard(f, shard).toList()) {
            expect(
                    model.expire(f.now()),
                    expired.stream()
                            .filter(r -> model.device.device().equals(r.receipt().device()))
                            .toList());
        }
    }

    private void compare(Fixture f) {
        for (MailboxModel model : models) {
            DeviceKey device = model.device;
            assertThat(f.inbox(device)).isEqualTo(model.readable(f.now()));
            DeviceStatus status = get(f.mailbox.status(device));
            assertThat(status.backlog()).isEqualTo(model.inbox.size());
            assertThat(status.route()).isEqualTo(model.session);
            Double due =
                    get(f.commands().zscore(f.key(device, "due"), Bytes.of(device.toString())));
            compareLifetimes(f, model);
            if (model.armed) {
                assertThat(due).isCloseTo((double) model.due, within(60_000.0));
            } else {
                assertThat(due).isNull();
            }
        }
    }

    private void compareLifetimes(Fixture f, MailboxModel model) {
        long box = get(f.commands().pttl(f.key(model.device, "box:" + model.device)));
        if (model.last.equals(Position.NONE)) {
            assertThat(box).as("no box").isEqualTo(-2);
        } else if (model.session != null || !model.inbox.isEmpty()) {
            assertThat(box).as("lifetime of a box in use").isEqualTo(-1);
        } else {
            assertThat(box).as("lifetime of a box that is left").isPositive();
        }
        for (long day = f.now() / DAY - 1; day <= f.now() / DAY + 1; day++) {
            byte[] seen = f.key(model.device, "seen:" + day + ":" + model.device);
            assertThat(get(f.commands().pttl(seen))).isNotEqualTo(-1);
        }
    }

    /** Nothing was confirmed, so the outboxes must hold exactly what the calls returned. */
    private void accountForEverything(Fixture f) {
        List<OutboxReceipt> kept = new ArrayList<>();
        for (int shard = 0; shard < CONFIG.shards(); shard++) {
            List<OutboxReceipt> some;
            do {
                some = get(f.mailbox.pending(shard, Duration.ZERO, 100));
                kept.addAll(some);
                get(f.mailbox.confirm(some));
            } while (!some.isEmpty());
        }
        assertThat(kept).containsExactlyInAnyOrderElementsOf(receipts);
        for (MailboxModel model : models) {
            assertThat(model.accepted).isEqualTo(model.ended + model.inbox.size());
            long fields = get(f.commands().hlen(f.key(model.device, "box:" + model.device)));
            long collapses =
                    model.inbox.stream()
                            .map(MailboxModel.Waiting::collapse)
                            .filter(Objects::nonNull)
                            .distinct()
                            .count();
            assertThat(fields).isEqualTo(1 + model.inbox.size() + collapses);
        }
        assertThat(models.stream().mapToInt(m -> m.ended).sum()).isPositive();
    }

    private void expect(List<String> expected, List<OutboxReceipt> actual) {
        assertThat(told(actual)).isEqualTo(expected);
        receipts.addAll(actual);
    }

    private MailboxModel any() {
        return models.get(random.nextInt(models.size()));
    }

    private MailboxModel model(DeviceKey device) {
        @Nullable MailboxModel found = null;
        for (MailboxModel model : models) {
            found = model.device.equals(device) ? model : found;
        }
        return Objects.requireNonNull(found);
    }

    private Stream<MailboxModel> inShard(Fixture f, int shard) {
        return models.stream().filter(model -> f.shards.of(model.device) == shard);
    }
}
