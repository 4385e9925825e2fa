package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

class GiveBackScriptTest {
    @ParameterizedTest
    @EnumSource
    void isDueAtOnceAndTheAttemptDoesNotCount(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        f.accept(POS, "m1");
        for (int attempt = 1; attempt <= 3; attempt++) {
            f.pass(Duration.ofSeconds(50));
            Claim.Retry claim = new Claim.Retry(POS, route, attempt);
            assertThat(f.claim(POS)).containsExactly(claim);
            assertThat(f.claim(POS)).isEmpty();
            assertThat(get(f.mailbox.giveBack(claim))).isTrue();
            assertThat(get(f.mailbox.giveBack(claim))).as("twice").isFalse();
            assertThat(f.claim(POS)).as("the same once more").containsExactly(claim);
        }
    }

    @ParameterizedTest
    @EnumSource
    void changesNothingOnceTheDeviceHasMovedOn(Backend backend) {
        Fixture f = Fixture.on(backend);
        Route route = f.register(POS).route();
        f.accept(POS, "m1");
        Position last = f.accept(POS, "m2").previous();
        f.pass(Duration.ofSeconds(6));
        Claim.Retry claim = new Claim.Retry(POS, route, 1);
        assertThat(f.claim(POS)).containsExactly(claim);

        get(f.mailbox.ack(List.of(new Ack(POS, route, last)))); // m1: the wait for m2 began
        assertThat(get(f.mailbox.giveBack(claim))).isFalse();
        assertThat(f.claim(POS)).isEmpty();

        f.pass(Duration.ofSeconds(6));
        assertThat(f.claim(POS)).containsExactly(claim);
        Route newer = f.register(POS).route();
        assertThat(get(f.mailbox.giveBack(claim))).as("another session").isFalse();
        assertThat(f.claim(POS)).isEmpty();
        assertThat(get(f.mailbox.route(POS))).contains(newer);
    }
}
