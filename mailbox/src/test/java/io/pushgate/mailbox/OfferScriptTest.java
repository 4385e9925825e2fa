package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Fixture.offer;
import static io.pushgate.mailbox.Fixture.told;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

class OfferScriptTest {
    @ParameterizedTest
    @EnumSource
    void positionsGrowAndEachKnowsTheOneBefore(Backend backend) {
        Fixture f = Fixture.on(backend);
        OfferResult.Accepted first = f.accept(POS, "m1");
        OfferResult.Accepted second = f.accept(POS, "m2");

        assertThat(first.previous()).isEqualTo(Position.NONE);
        assertThat(first.route()).isNull();
        assertThat(second.previous()).isEqualTo(first.position());
        assertThat(second.position()).isGreaterThan(first.position());
        assertThat(f.inbox(POS)).containsExactly("m1", "m2");
    }

    @ParameterizedTest
    @EnumSource
    void previousAndGrowthOutliveAnEmptiedInboxAndAClockThatStepsBack(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        Position first = f.accept(POS, "m1").position();
        f.ack(POS, route, first);
        assertThat(get(f.commands().exists(f.key(POS, "inbox:shop/pos-7")))).isZero();

        f.pass(Duration.ofMinutes(-10));
        OfferResult.Accepted second = f.accept(POS, "m2");

        assertThat(second.previous()).isEqualTo(first);
        assertThat(second.position()).isGreaterThan(first);
    }

    @ParameterizedTest
    @EnumSource
    void theSameIdAgainTellsWhereItWentFirst(Backend backend) {
        Fixture f = Fixture.on(backend);
        Position first = f.accept(POS, "m1").position();
        f.accept(POS, "m2");

        assertThat(f.offer(offer(POS, f.message("m1"))))
                .containsExactly(new OfferResult.Duplicate(first, null, true, true));
        assertThat(f.offer(new Offer(POS, f.message("m1"), "3:9", Set.of(), null)))
                .containsExactly(new OfferResult.Duplicate(first, null, true, false));

        Route route = f.register(POS).route();
        f.ack(POS, route, first);
        assertThat(f.offer(offer(POS, f.message("m1"))))
                .containsExactly(new OfferResult.Duplicate(first, route, false, true));
        assertThat(f.inbox(POS)).containsExactly("m2");
        assertThat(f.counted(MailboxMeters.OFFERS, "result", "duplicate")).isEqualTo(3);
        assertThat(f.counted(MailboxMeters.OFFERS, "result", "accepted")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void anIdIsKnownFor24HoursAndNewAfter48(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(POS, "m1");
        f.pass(Duration.ofDays(1));
        assertThat(f.offer(offer(POS, f.message("m1"))).getFirst())
                .isInstanceOf(OfferResult.Duplicate.class);
        f.pass(Duration.ofDays(1));
        assertThat(f.offer(offer(POS, f.message("m1"))).getFirst())
                .isInstanceOf(OfferResult.Accepted.class);
    }

    @ParameterizedTest
    @EnumSource
    void anotherDeviceIsOfferedTheSameId(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(POS, "m1");
        assertThat(f.accept(new DeviceKey("shop", "pos-8"), "m1").receipts()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theOldestGiveWayAboveTheCapAndAreReceiptedUnasked(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(3));
        Message silent = f.message("m1");
        f.accept(
                offer(
                        POS,
                        new Message(
                                "m1",
                                silent.acceptedAt(),
                                silent.expiresAt(),
                                false,
                                false,
                                silent.payload())));
        f.accept(POS, "m2");
        f.accept(POS, "m3");
        OfferResult.Accepted fourth = f.accept(POS, "m4");

        assertThat(told(fourth.receipts())).containsExactly("overflowed:m1");
        assertThat(fourth.receipts().getFirst().receipt().device()).isEqualTo("pos-7");
        assertThat(f.pending(POS)).isEqualTo(fourth.receipts());
        assertThat(f.inbox(POS)).containsExactly("m2", "m3", "m4");
        assertThat(f.counted(MailboxMeters.ENDED, "how", "overflowed")).isEqualTo(1);
        assertThat(get(f.commands().hlen(f.key(POS, "box:shop/pos-7")))).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void aNewerMessageTakesThePlaceOfOneWithTheSameCollapseKey(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(collapsing(f, "m1", "order"));
        f.accept(collapsing(f, "m2", "other"));
        OfferResult.Accepted third = f.accept(collapsing(f, "m3", "order"));

        assertThat(told(third.receipts())).containsExactly("superseded:m1");
        assertThat(f.inbox(POS)).containsExactly("m2", "m3");
        assertThat(told(f.accept(collapsing(f, "m4", "order")).receipts()))
                .containsExactly("superseded:m3");
        assertThat(f.offer(collapsing(f, "m1", "order")).getFirst())
                .isInstanceOf(OfferResult.Duplicate.class);
        assertThat(f.counted(MailboxMeters.ENDED, "how", "superseded")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasDeliveredIsNotSuperseded(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        f.accept(POS, "m0");
        Position first = f.accept(collapsing(f, "m1", "order")).position();
        f.accept(POS, "m2");
        f.ack(POS, route, first);

        assertThat(f.accept(collapsing(f, "m3", "order")).receipts()).isEmpty();
        // m2 and m3 with their payloads, the last position, and one collapse key.
        assertThat(get(f.commands().hlen(f.key(POS, "box:shop/pos-7")))).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheNamedPlatformsGetIt(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(new Offer(POS, f.message("m0"), "0:1", Set.of("web"), null));
        f.register(POS);

        assertThat(f.offer(new Offer(POS, f.message("m1"), "0:1", Set.of("web", "po"), null)))
                .containsExactly(new OfferResult.WrongPlatform());
        assertThat(f.offer(new Offer(POS, f.message("m2"), "0:1", Set.of("web", "pos"), null)))
                .hasExactlyElementsOfTypes(OfferResult.Accepted.class);
        assertThat(f.inbox(POS)).containsExactly("m0", "m2");
    }

    @ParameterizedTest
    @EnumSource
    void armsOnlyALiveSessionAndOnlyOnce(Backend backend) {
        Fixture f = Fixture.on(backend);
        byte[] due = f.key(POS, "due");
        f.accept(POS, "m1");
        assertThat(get(f.commands().exists(due))).isZero();

        Route route = f.register(POS).route();
        f.ack(POS, route, new Position(Long.MAX_VALUE, 0));
        assertThat(get(f.commands().exists(due))).isZero();

        assertThat(f.accept(POS, "m2").route()).isEqualTo(route);
        Double first = get(f.commands().zscore(due, Bytes.of("shop/pos-7")));
        assertThat(first).isBetween(f.now() + 3000.0, f.now() + 5000.0);
        f.pass(Duration.ofSeconds(2));
        f.accept(POS, "m3");
        assertThat(get(f.commands().zscore(due, Bytes.of("shop/pos-7")))).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource
    void aLargeBatchOverManyShardsKeepsTheOrderPerDevice(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(1000));
        List<Offer> offers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            offers.add(offer(new DeviceKey("shop", "d" + i % 7), f.message("m" + i)));
        }
        List<OfferResult> results = f.offer(offers.toArray(Offer[]::new));

        Position[] last = new Position[7];
        for (int i = 0; i < results.size(); i++) {
            OfferResult.Accepted accepted = (OfferResult.Accepted) results.get(i);
            assertThat(accepted.previous()).isEqualTo(i < 7 ? Position.NONE : last[i % 7]);
            assertThat(accepted.position()).isGreaterThan(accepted.previous());
            last[i % 7] = accepted.position();
        }
        List<Integer> order =
                f.inbox(new DeviceKey("shop", "d3")).stream()
                        .map(id -> Integer.parseInt(id.substring(1)))
                        .toList();
        assertThat(order).hasSize(286).isSorted();
    }

    @ParameterizedTest
    @EnumSource
    void messagesComeBackAsTheyWere(Backend backend) {
        Fixture f = Fixture.on(backend);
        byte[] large = Bytes.of("{\"a\":\"%s\"}".formatted("x".repeat(60_000)));
        byte[] noise = new byte[2000];
        new Random(1).nextBytes(noise);
        List<Message> messages =
                List.of(
                        new Message("a", 1, f.now() + 60_000, true, false, new byte[] {'1'}),
                        new Message("b", 2, f.now() + 60_001, false, true, large),
                        new Message("c", 3, f.now() + 60_002, true, true, noise));
        for (Message message : messages) {
            f.accept(offer(POS, message));
        }
        assertThat(get(f.mailbox.fetch(POS, Position.NONE, 10)).entries())
                .extracting(Entry::message)
                .isEqualTo(messages);
        assertThat(get(f.commands().hvals(f.key(POS, "box:shop/pos-7"))))
                .allMatch(value -> value.length <= 2000);
    }

    @ParameterizedTest
    @EnumSource
    void onlyEmptyInboxesWithoutASessionHaveALifetime(Backend backend) {
        Fixture f = Fixture.on(backend);
        byte[] box = f.key(POS, "box:shop/pos-7");
        Route route = f.register(POS).route();
        Position first = f.accept(POS, "m1").position();
        assertThat(get(f.commands().pttl(box))).isEqualTo(-1);
        f.ack(POS, route, first);
        assertThat(get(f.commands().pttl(box))).isEqualTo(-1);
        get(f.mailbox.unregister(POS, route));
        assertThat(get(f.commands().pttl(box)))
                .isBetween(Duration.ofDays(7).toMillis(), Duration.ofDays(8).toMillis());
        Position second = f.accept(POS, "m2").position();
        assertThat(get(f.commands().pttl(box))).isEqualTo(-1);
        // A late ack of the session that ended.
        f.ack(POS, route, second);
        assertThat(get(f.commands().pttl(box))).isPositive();
        assertThat(get(f.commands().exists(f.key(POS, "expiry")))).isZero();
        f.accept(POS, "m3");
        assertThat(get(f.commands().pttl(box))).isEqualTo(-1);
        assertThat(get(f.commands().pttl(f.key(POS, "inbox:shop/pos-7")))).isEqualTo(-1);
        String day = String.valueOf(f.now() / Duration.ofDays(1).toMillis());
        assertThat(get(f.commands().pttl(f.key(POS, "seen:" + day + ":shop/pos-7"))))
                .isBetween(Duration.ofHours(47).toMillis(), Duration.ofDays(2).toMillis());
    }

    @ParameterizedTest
    @EnumSource
    void aBoxThatAnOlderReleaseLeftALifetimeOutlivesWhatWaitsInIt(Backend backend) {
        Fixture f = Fixture.on(backend);
        byte[] box = f.key(POS, "box:shop/pos-7");
        long keep = Duration.ofDays(8).toMillis();
        Route route = f.register(POS).route();
        f.ack(POS, route, f.accept(POS, "m1").position());
        // A session that an older release registers leaves the lifetime as it was.
        get(f.commands().pexpire(box, keep));
        f.ack(POS, route, f.accept(POS, "m2").position());
        assertThat(get(f.commands().pttl(box)))
                .satisfiesAnyOf(
                        left -> assertThat(left).isEqualTo(-1),
                        left -> assertThat(left).isGreaterThan(Duration.ofDays(7).toMillis()));

        get(f.commands().pexpire(box, keep));
        f.pass(Duration.ofDays(1));
        f.accept(POS, "m3");
        assertThat(get(f.commands().pttl(box))).isEqualTo(-1);

        f.ack(POS, route, new Position(Long.MAX_VALUE, 0));
        f.accept(POS, "m4");
        get(f.mailbox.unregister(POS, route));
        get(f.commands().pexpire(box, keep));
        f.pass(Duration.ofDays(1));
        f.accept(POS, "m5");
        assertThat(get(f.commands().pttl(box))).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void everyDaysIdsHaveALifetimeHoweverTheClockMoves(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        long today = f.now() / Duration.ofDays(1).toMillis();
        // Back over midnight and forth again, and a day that begins with a recalled message.
        int[] days = {0, 1, 0, 1, -1, 2, 3, 2};
        for (int i = 0; i < days.length; i++) {
            f.shift.set(Duration.ofDays(days[i]).toMillis());
            if (days[i] == 3) {
                f.offer(new Offer(POS, f.message("r"), "0:1", Set.of(), null, false, true));
            }
            f.ack(POS, route, f.accept(POS, "m" + i).position());
            byte[] seen = f.key(POS, "seen:" + (today + days[i]) + ":shop/pos-7");
            assertThat(get(f.commands().pttl(seen)))
                    .as("ids of day %s", days[i])
                    .isBetween(Duration.ofHours(47).toMillis(), Duration.ofDays(2).toMillis());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCapHoldsForAConnectedDeviceThatAcksNothing(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(3));
        f.register(POS);
        for (int i = 0; i < 5; i++) {
            f.accept(POS, "m" + i);
        }
        assertThat(f.inbox(POS)).containsExactly("m2", "m3", "m4");
        assertThat(told(f.pending(POS))).containsExactly("overflowed:m0", "overflowed:m1");
    }

    @ParameterizedTest
    @EnumSource
    void receiptsOfALostCallerStayInTheOutbox(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(1));
        f.accept(POS, "m1");
        f.accept(POS, "m2");
        List<OutboxReceipt> pending = f.pending(POS);
        assertThat(told(pending)).containsExactly("overflowed:m1");
        assertThat(pending.getFirst().receipt().status()).isEqualTo(Receipt.Status.OVERFLOWED);
    }

    private static Offer collapsing(Fixture f, String id, String key) {
        return new Offer(POS, f.message(id), "0:1", Set.of(), key);
    }
}
