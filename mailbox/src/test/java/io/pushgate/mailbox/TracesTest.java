package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TracesTest {
    @ParameterizedTest
    @EnumSource
    void stepsAreKeptInTheirOrder(Backend backend) {
        Fixture f = Fixture.on(backend);
        Traces traces = f.mailbox.traces();
        traces.step(POS, "m1", Traces.Kind.OFFERED, "", "position 1-0");
        traces.step(POS, "m1", Traces.Kind.WRITTEN, "n1", "");
        await().until(() -> f.counted(MailboxMeters.TRACED, "outcome", "kept") == 2);
        assertThat(get(traces.of("shop", "m1")))
                .satisfiesExactly(
                        step -> {
                            assertThat(step.kind()).isEqualTo("offered");
                            assertThat(step.device()).isEqualTo("pos-7");
                            assertThat(step.detail()).isEqualTo("position 1-0");
                            assertThat(step.at()).isPositive();
                        },
                        step -> assertThat(step.node()).isEqualTo("n1"));
        assertThat(get(traces.of("shop", "m2"))).isEmpty();
        assertThat(get(f.commands().pttl(Bytes.of("{mshop/m1}trace"))))
                .isBetween(86_000_000L, 86_400_000L);
    }
}
