package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.Position;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/** {@code find.lua} and {@code recent.lua}. */
class FindScriptTest {
    @ParameterizedTest
    @EnumSource
    void whatWasNeverOfferedIsUnknown(Backend backend) {
        Fixture f = Fixture.on(backend);
        assertThat(get(f.mailbox.find(POS, "m1"))).isEqualTo(new Found.Unknown());
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsHasItsPlaceAndAttempts(Backend backend) {
        Fixture f = Fixture.on(backend);
        Registered session = f.register(POS);
        Position position = f.accept(POS, "m1").position();
        f.pass(Duration.ofSeconds(6));
        f.claim(POS);
        assertThat(get(f.mailbox.find(POS, "m1")))
                .isInstanceOfSatisfying(
                        Found.Waiting.class,
                        waiting -> {
                            assertThat(waiting.position()).isEqualTo(position);
                            assertThat(waiting.origin()).isEqualTo("0:1");
                            assertThat(waiting.route()).isEqualTo(session.route());
                            assertThat(waiting.attempt()).isEqualTo(1);
                            assertThat(waiting.expiresAt()).isGreaterThan(waiting.acceptedAt());
                        });
    }

    @ParameterizedTest
    @EnumSource
    void whatWasAckedIsGone(Backend backend) {
        Fixture f = Fixture.on(backend);
        Registered session = f.register(POS);
        Position position = f.accept(POS, "m1").position();
        f.ack(POS, session.route(), position);
        assertThat(get(f.mailbox.find(POS, "m1"))).isEqualTo(new Found.Gone(position, "0:1", ""));
    }

    @ParameterizedTest
    @EnumSource
    void whatEndedOtherwiseSaysHow(Backend backend) {
        Fixture f = Fixture.on(backend);
        Position position = f.accept(POS, "m1").position();
        recall(f, "m1");
        recall(f, "m2");
        assertThat(get(f.mailbox.find(POS, "m1")))
                .isEqualTo(new Found.Gone(position, "0:1", "recalled"));
        assertThat(get(f.mailbox.find(POS, "m2")))
                .isEqualTo(new Found.Gone(Position.NONE, "-", "recalled"));
        assertThat(get(f.mailbox.recent(POS, 2)).messages())
                .containsExactly(new RecentMessages.Offered("m1", position));
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsForDaysIsFoundInTheInbox(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(Fixture.offer(POS, f.message("m1", Duration.ofDays(5))));
        f.pass(Duration.ofDays(3));
        assertThat(get(f.mailbox.find(POS, "m1")))
                .isInstanceOfSatisfying(
                        Found.Waiting.class,
                        waiting -> {
                            assertThat(waiting.origin()).isEmpty();
                            assertThat(waiting.route()).isNull();
                        });
    }

    @ParameterizedTest
    @EnumSource
    void recentIsTheNewestFirst(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(POS, "m1");
        f.accept(POS, "m2");
        f.pass(Duration.ofMillis(5));
        f.accept(POS, "m3");
        RecentMessages recent = get(f.mailbox.recent(POS, 2));
        assertThat(recent.messages().stream().map(RecentMessages.Offered::id))
                .isEqualTo(List.of("m3", "m2"));
        assertThat(recent.partly()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aDayWithVeryManyIsLeftOut(Backend backend) {
        Fixture f = Fixture.on(backend);
        Offer[] offers = new Offer[RecentScript.MAX_OF_A_DAY + 1];
        for (int i = 0; i < offers.length; i++) {
            offers[i] = Fixture.offer(POS, f.message("m" + i));
        }
        f.offer(offers);
        assertThat(get(f.mailbox.recent(POS, 2))).isEqualTo(new RecentMessages(List.of(), true));
    }

    private static void recall(Fixture f, String id) {
        get(f.mailbox.messages().withdraw(List.of(POS), id, RecallScript.Why.RECALL, false));
    }
}
