package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Withdrawing.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.mailbox.RecallReport.State;
import io.pushgate.protocol.Target;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

class WithdrawalsTest {
    private static final int MEMBERS = 7;
    private static final int OFFERED = 5;

    @ParameterizedTest
    @EnumSource
    void aRecallGoesThroughAllOfAGroupAlsoThoseNotOfferedYet(Backend backend) {
        Fixture f = Fixture.on(backend);
        try (Withdrawing gateway = new Withdrawing(f)) {
            join(f);
            note(f, "m1", new Target.Group("g", Set.of()));
            for (int i = 0; i < OFFERED; i++) {
                f.accept(device(i), "m1");
            }
            RecallReport report = gateway.recall("m1");
            assertThat(report.counts()).isEqualTo(Map.of(State.RECALLED, (long) MEMBERS));
            for (int i = OFFERED; i < MEMBERS; i++) {
                assertThat(f.offer(Fixture.offer(device(i), f.message("m1"))).getFirst())
                        .isInstanceOf(OfferResult.Recalled.class);
            }
            gateway.settleAll(true);
            assertThat(gateway.finals("m1")).isEqualTo(Collections.nCopies(MEMBERS, "recalled"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRecallOfABroadcastAsksTheDevicesOfTheAppAndPlatform(Backend backend) {
        Fixture f = Fixture.on(backend);
        try (Withdrawing gateway = new Withdrawing(f)) {
            join(f);
            f.register(device(0)); // of the platform pos
            f.accept(device(0), "m1");
            note(f, "m1", new Target.All(Set.of()));
            assertThat(gateway.recall("m1").counts())
                    .isEqualTo(Map.of(State.IN_FLIGHT, 1L, State.RECALLED, MEMBERS - 1L));

            note(f, "m2", new Target.All(Set.of("pc")));
            RecallReport others = gateway.recall("m2");
            assertThat(others.counts()).isEqualTo(Map.of(State.RECALLED, MEMBERS - 1L));
            assertThat(others.devices())
                    .extracting(RecallReport.Answer::device)
                    .doesNotContain(device(0));
        }
    }

    private static void join(Fixture f) {
        for (int i = 0; i < MEMBERS; i++) {
            get(f.mailbox.groups().join(device(i), "g"));
        }
    }

    private static void note(Fixture f, String id, Target target) {
        get(
                f.mailbox
                        .messages()
                        .note(List.of(new Messages.Note("shop", id, target, Duration.ZERO))));
    }
}
