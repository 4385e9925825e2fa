package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class ScheduleTest {
    private static final Duration AGAIN = Duration.ofSeconds(30);

    @ParameterizedTest
    @EnumSource
    void aRequestIsTakenWhenItsTimeHasComeAndForgottenWhenItIsDone(Backend backend) {
        Fixture f = Fixture.on(backend);
        assertThat(add(f, "m1", "0:1", Duration.ofHours(1))).isEqualTo(ScheduleResult.SCHEDULED);
        assertThat(take(f, "m1")).isEmpty();
        assertThat(due(f, "m1").orElseThrow())
                .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));

        f.pass(Duration.ofHours(1));
        assertThat(due(f, "m1")).contains(Duration.ZERO);
        ScheduledRequest taken = take(f, "m1").getFirst();
        assertThat(taken.app()).isEqualTo("shop");
        assertThat(taken.id()).isEqualTo("m1");
        assertThat(taken.origin()).isEqualTo("0:1");
        assertThat(taken.request()).isEqualTo(body("m1"));

        // Its delayer dies.
        assertThat(take(f, "m1")).isEmpty();
        f.pass(AGAIN);
        assertThat(get(f.mailbox.schedule().remove(shard(f, "m1"), take(f, "m1")))).isOne();
        assertThat(get(f.mailbox.schedule().remove(shard(f, "m1"), List.of(taken)))).isZero();
        f.pass(AGAIN);
        assertThat(take(f, "m1")).isEmpty();
        assertThat(due(f, "m1")).isEmpty();
        assertThat(get(f.commands().exists(key(f, "scheduled"), key(f, "requests"), size(f))))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void oneIdIsScheduledOnce(Backend backend) {
        Fixture f = Fixture.on(backend);
        add(f, "m1", "0:1", Duration.ofHours(1));
        assertThat(add(f, "m1", "0:1", Duration.ofHours(2))).isEqualTo(ScheduleResult.REPEATED);
        assertThat(add(f, "m1", "0:2", Duration.ofHours(2))).isEqualTo(ScheduleResult.DUPLICATE);
        f.pass(Duration.ofHours(1));
        assertThat(take(f, "m1")).hasSize(1);
        ScheduledRequest other = new ScheduledRequest("shop", "m1", "0:2", body("m1"));
        assertThat(get(f.mailbox.schedule().remove(shard(f, "m1"), List.of(other)))).isZero();
        assertThat(f.counted(MailboxMeters.SCHEDULED, "result", "duplicate")).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void aShardTakesNoMoreThanItsPart(Backend backend) {
        MailboxConfig defaults = MailboxConfig.defaults();
        Fixture f =
                Fixture.on(
                        backend,
                        new MailboxConfig(
                                1,
                                5,
                                defaults.backoff(),
                                0,
                                512,
                                0,
                                defaults.recallFor(),
                                1_048_576,
                                defaults.logs()));
        List<ScheduleResult> results = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            ScheduledRequest large =
                    new ScheduledRequest("shop", "m" + i, "0:" + i, new byte[100_000]);
            Schedule.Timed timed = new Schedule.Timed(large, f.now() + 1000);
            results.addAll(get(f.mailbox.schedule().add(List.of(timed))));
        }
        assertThat(results.subList(0, 10)).containsOnly(ScheduleResult.SCHEDULED);
        assertThat(results.subList(10, 12)).containsOnly(ScheduleResult.FULL);
        f.pass(Duration.ofSeconds(2));
        List<ScheduledRequest> taken = get(f.mailbox.schedule().take(0, 4, AGAIN));
        assertThat(taken).hasSize(4);
        get(f.mailbox.schedule().remove(0, taken));
        assertThat(add(f, "m10", "0:10", Duration.ofHours(1))).isEqualTo(ScheduleResult.SCHEDULED);
    }

    @ParameterizedTest
    @EnumSource
    void aRecallMakesItDueAtOnceAlsoWhereItCameFirst(Backend backend) {
        Fixture f = Fixture.on(backend);
        add(f, "m1", "0:1", Duration.ofDays(20));
        assertThat(get(f.mailbox.messages().recall("shop", "m1")))
                .isEqualTo(new Messages.Mark(List.of(), true, false));
        assertThat(take(f, "m1")).hasSize(1);

        get(f.mailbox.messages().recall("shop", "m2"));
        add(f, "m2", "0:2", Duration.ofDays(20));
        assertThat(take(f, "m2")).hasSize(1);
    }

    private static ScheduleResult add(Fixture f, String id, String origin, Duration ahead) {
        ScheduledRequest request = new ScheduledRequest("shop", id, origin, body(id));
        Schedule.Timed timed = new Schedule.Timed(request, f.now() + ahead.toMillis());
        return get(f.mailbox.schedule().add(List.of(timed))).getFirst();
    }

    private static List<ScheduledRequest> take(Fixture f, String id) {
        return get(f.mailbox.schedule().take(shard(f, id), 10, AGAIN));
    }

    private static Optional<Duration> due(Fixture f, String id) {
        return get(f.mailbox.untilDue(shard(f, id))).request();
    }

    private static int shard(Fixture f, String id) {
        return f.shards.ofMessage("shop", id);
    }

    private static byte[] key(Fixture f, String name) {
        return Bytes.of("{s" + shard(f, "m1") + "}" + name);
    }

    private static byte[] size(Fixture f) {
        return key(f, "requests:bytes");
    }

    private static byte[] body(String id) {
        return ("{\"|\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
    }
}
