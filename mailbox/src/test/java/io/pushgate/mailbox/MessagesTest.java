package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Target;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

class MessagesTest {
    private static final Target ONE = new Target.Device("pos-7", Set.of());
    private static final Target TWO = new Target.User("ann", Set.of("pos"));

    @ParameterizedTest
    @EnumSource
    void aRecallFindsEveryTargetThatWasNoted(Backend backend) {
        Messages messages = Fixture.on(backend).mailbox.messages();
        assertThat(get(messages.note(List.of(note(ONE), note(TWO), note(ONE)))))
                .containsExactly(false, false, false);
        assertThat(get(messages.targets("shop", "m1"))).containsExactly(ONE, TWO);
        assertThat(get(messages.recall("shop", "m1")))
                .isEqualTo(new Messages.Mark(List.of(ONE, TWO), false, false));
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatComesAfterTheRecallIsKnownToBeRecalled(Backend backend) {
        Messages messages = Fixture.on(backend).mailbox.messages();
        assertThat(get(messages.recall("shop", "m1")))
                .isEqualTo(new Messages.Mark(List.of(), false, false));
        assertThat(get(messages.note(List.of(note(ONE))))).containsExactly(true);
        assertThat(get(messages.note(List.of(note(TWO))))).containsExactly(true);
        assertThat(get(messages.targets("shop", "m1"))).containsExactly(ONE, TWO);
        assertThat(get(messages.targets("shop", "other"))).isEmpty();
        assertThat(get(messages.targets("other", "m1"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aNoteHasABound(Backend backend) {
        Fixture f = Fixture.on(backend);
        Messages messages = f.mailbox.messages();
        for (int i = 0; i < 10; i++) {
            int round = i;
            List<String> devices =
                    IntStream.range(0, 1000).mapToObj(n -> "device-" + round + "-" + n).toList();
            get(messages.note(List.of(note(new Target.Devices(devices, Set.of())))));
        }
        assertThat(get(messages.targets("shop", "m1"))).hasSize(4);
        assertThat(f.registry.get(MailboxMeters.NOTES_FULL.meterName()).counter().count())
                .isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource
    void aNoteIsKeptAsLongAsAsked(Backend backend) {
        Fixture f = Fixture.on(backend);
        Messages messages = f.mailbox.messages();
        get(messages.note(List.of(note(ONE))));
        get(messages.note(List.of(new Messages.Note("shop", "m2", ONE, Duration.ofDays(7)))));
        assertThat(hours(f, "m1")).isEqualTo(25);
        assertThat(hours(f, "m2")).isEqualTo(168);
        get(messages.recall("shop", "m2"));
        assertThat(hours(f, "m2")).isEqualTo(168);
        get(messages.recall("shop", "m3"));
        assertThat(hours(f, "m3")).isEqualTo(25);
    }

    @ParameterizedTest
    @EnumSource
    void oneDeviceIsTheFirstAndStaysIt(Backend backend) {
        Messages messages = Fixture.on(backend).mailbox.messages();
        DeviceKey sibling = new DeviceKey("shop", "pos-8");
        assertThat(get(messages.isFirst(POS, "m1"))).isTrue();
        assertThat(get(messages.isFirst(sibling, "m1"))).isFalse();
        assertThat(get(messages.isFirst(POS, "m1"))).isTrue();
        assertThat(get(messages.isFirst(sibling, "m2"))).isTrue();
    }

    private static Messages.Note note(Target target) {
        return new Messages.Note("shop", "m1", target, Duration.ZERO);
    }

    private static long hours(Fixture f, String id) {
        long millis = get(f.commands().pttl(f.shards.note("shop", id)));
        return Math.round((double) millis / Duration.ofHours(1).toMillis());
    }
}
