package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Withdrawing.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.Target;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** Of several devices that have a message the first that acks it keeps it. */
class FirstAcksTest {
    private static final int SIBLINGS = 5;
    private static final int ROUNDS = 100;

    @ParameterizedTest
    @EnumSource
    void oneOfFiveKeepsItThoughTwoAckAtTheSameMoment(Backend backend) {
        Fixture f = Fixture.on(backend, Withdrawing.config(1000));
        try (Withdrawing gateway = new Withdrawing(f)) {
            List<Route> routes =
                    IntStream.range(0, SIBLINGS)
                            .mapToObj(i -> f.register(device(i)).route())
                            .toList();
            for (int round = 0; round < ROUNDS; round++) {
                String id = "m" + round;
                List<Position> positions = offer(f, id);
                int one = round % SIBLINGS;
                int other = (one + 1 + round / SIBLINGS % (SIBLINGS - 1)) % SIBLINGS;
                CompletionStage<List<AckResult>> first = ack(f, routes, positions, one);
                CompletionStage<List<AckResult>> second = ack(f, routes, positions, other);
                get(first);
                get(second);
                // A crash before the receipts are confirmed: settled once more.
                gateway.settleAll(round % 10 != 0);
                gateway.settleAll(true);
                gateway.settleAll(true);

                assertThat(gateway.finals(id))
                        .containsExactly(
                                "delivered", "recalled", "recalled", "recalled", "recalled");
                assertThat(gateway.finals())
                        .filteredOn(receipt -> receipt.id().equals(id))
                        .filteredOn(receipt -> receipt.status() == Receipt.Status.DELIVERED)
                        .extracting(Receipt::device)
                        .containsAnyOf("pos-" + one, "pos-" + other);
            }
            for (int i = 0; i < SIBLINGS; i++) {
                assertThat(f.inbox(device(i))).isEmpty();
            }
            // Each crash has the loser settled twice.
            assertThat(f.counted(MailboxMeters.FIRST_ACKS, "result", "lost"))
                    .isEqualTo(ROUNDS + ROUNDS / 10.0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSiblingThatIsOfferedItLaterDoesNotGetIt(Backend backend) {
        Fixture f = Fixture.on(backend);
        try (Withdrawing gateway = new Withdrawing(f)) {
            Route route = f.register(device(0)).route();
            note(f, "m1");
            Position position = f.accept(offer(f, 0, "m1")).position();
            f.ack(device(0), route, position);
            gateway.settleAll(true);
            OfferResult late = f.offer(offer(f, 1, "m1")).getFirst();
            assertThat(late).isInstanceOf(OfferResult.Recalled.class);
            gateway.settleAll(true);
            assertThat(gateway.finals("m1")).containsExactly("delivered", "recalled");
            assertThat(gateway.finals().getLast().reason()).isEqualTo(FirstAcks.LOST);
        }
    }

    @ParameterizedTest
    @EnumSource
    void siblingsThatForgotItsIdLoseItAllTheSame(Backend backend) {
        Fixture f = Fixture.on(backend);
        try (Withdrawing gateway = new Withdrawing(f)) {
            Route route = f.register(device(0)).route();
            List<Position> positions = offer(f, "m1");
            f.pass(Duration.ofDays(3));
            f.ack(device(0), route, positions.getFirst());
            gateway.settleAll(true);
            gateway.settleAll(true);
            assertThat(gateway.finals("m1"))
                    .containsExactly("delivered", "recalled", "recalled", "recalled", "recalled");
        }
    }

    private static List<Position> offer(Fixture f, String id) {
        note(f, id);
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < SIBLINGS; i++) {
            positions.add(f.accept(offer(f, i, id)).position());
        }
        return positions;
    }

    private static void note(Fixture f, String id) {
        List<String> names =
                IntStream.range(0, SIBLINGS).mapToObj(i -> device(i).device()).toList();
        Target siblings = new Target.Devices(names, Set.of());
        get(
                f.mailbox
                        .messages()
                        .note(
                                List.of(
                                        new Messages.Note(
                                                "shop", id, siblings, Duration.ofDays(1)))));
    }

    private static Offer offer(Fixture f, int device, String id) {
        return new Offer(device(device), f.message(id), "0:1", Set.of(), null, true, false);
    }

    private static CompletionStage<List<AckResult>> ack(
            Fixture f, List<Route> routes, List<Position> positions, int i) {
        return f.mailbox.ack(List.of(new Ack(device(i), routes.get(i), positions.get(i))));
    }
}
