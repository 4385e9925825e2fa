package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.XAddArgs;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

class BroadcastLogsTest {
    private static final LogKey ALL = LogKey.all("shop");
    private static final LogKey TILLS = LogKey.group("shop", "tills");

    @ParameterizedTest
    @EnumSource
    void eachEntryNamesTheOneBefore(Backend backend) {
        Fixture f = Fixture.on(backend);
        LogResult.Accepted first = append(f, ALL, "m1");
        LogResult.Accepted second = append(f, ALL, "m2");
        LogResult.Accepted other = append(f, TILLS, "m1");
        assertThat(first.previous()).isEqualTo(Position.NONE);
        assertThat(second.previous()).isEqualTo(first.position());
        assertThat(other.previous()).as("a log of its own").isEqualTo(Position.NONE);

        LogPage page = get(f.mailbox.logs().fetch(ALL, Position.NONE, 10));
        assertThat(ids(page)).containsExactly("m1", "m2");
        assertThat(page.entries().getLast().previous()).isEqualTo(first.position());
        assertThat(page.tail()).isEqualTo(second.position());
        assertThat(page.isGapAfter(Position.NONE)).isFalse();
        Map<LogKey, LogEnd> ends =
                get(f.mailbox.logs().ends(List.of(ALL, TILLS, LogKey.all("other"))));
        assertThat(ends).containsOnlyKeys(ALL, TILLS);
        assertThat(ends.get(ALL))
                .extracting(LogEnd::position, LogEnd::recalls)
                .containsExactly(second.position(), 0L);
        assertThat(ends.get(TILLS)).isEqualTo(new LogEnd(other.position(), 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void aRepetitionIsKnownForADayByIdAndOrigin(Backend backend) {
        Fixture f = Fixture.on(backend);
        Position at = append(f, ALL, "m1").position();
        assertThat(offer(f, ALL, "m1", "0:1")).isEqualTo(new LogResult.Duplicate(at, true));
        f.pass(Duration.ofHours(23));
        assertThat(offer(f, ALL, "m1", "0:2")).isEqualTo(new LogResult.Duplicate(at, false));
        assertThat(f.counted(MailboxMeters.LOG_APPENDS, "result", "duplicate")).isEqualTo(2);
        f.pass(Duration.ofHours(26));
        assertThat(offer(f, ALL, "m1", "0:3")).isInstanceOf(LogResult.Accepted.class);
        // A device and a log of the same name have nothing to do with each other.
        assertThat(f.accept(new DeviceKey("shop", "all"), "m1").previous())
                .isEqualTo(Position.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void beyondCountAndAgeTheOldestGoAndItShows(Backend backend) {
        Fixture f = withLogs(backend, 3, Duration.ofHours(1));
        Position first = append(f, ALL, "m1").position();
        List<Position> positions = new ArrayList<>();
        for (int i = 2; i <= 5; i++) {
            positions.add(append(f, ALL, "m" + i).position());
        }
        LogPage kept = get(f.mailbox.logs().fetch(ALL, first, 10));
        assertThat(ids(kept)).containsExactly("m3", "m4", "m5");
        assertThat(kept.isGapAfter(first)).as("m2 is gone").isTrue();
        assertThat(kept.isGapAfter(positions.getFirst())).isFalse();

        f.pass(Duration.ofMinutes(90));
        Position last = append(f, ALL, "m6").position();
        LogPage young = get(f.mailbox.logs().fetch(ALL, positions.getLast(), 10));
        assertThat(ids(get(f.mailbox.logs().fetch(ALL, Position.NONE, 10)))).containsExactly("m6");
        assertThat(young.isGapAfter(positions.getLast())).as("m5 had been seen").isFalse();

        get(f.commands().del(key(f, ALL, "log:shop/all")));
        LogPage nothing = get(f.mailbox.logs().fetch(ALL, first, 10));
        assertThat(nothing.isGapAfter(first)).isTrue();
        assertThat(nothing.isGapAfter(last)).isFalse();
        assertThat(append(f, ALL, "m7").previous()).isEqualTo(last);
    }

    @ParameterizedTest
    @EnumSource
    void pagesFollowEachOtherAndAreBoundedInBytes(Backend backend) {
        Fixture f = withLogs(backend, 1000, Duration.ofDays(1));
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            byte[] payload = new byte[30_000];
            random.nextBytes(payload);
            Message message = new Message("m" + i, 1, f.now() + 9999, false, false, payload);
            get(
                    f.mailbox
                            .logs()
                            .append(List.of(new LogOffer(ALL, message, "0:1", Set.of(), false))));
        }
        List<String> all = new ArrayList<>();
        Position after = Position.NONE;
        LogPage page;
        do {
            page = get(f.mailbox.logs().fetch(ALL, after, 256));
            assertThat(page.entries()).hasSizeBetween(1, 9);
            assertThat(page.isGapAfter(after)).isFalse();
            all.addAll(ids(page));
            after = page.end();
        } while (page.more());
        assertThat(all).hasSize(40).doesNotHaveDuplicates().startsWith("m0").endsWith("m39");

        LogPage newest = get(f.mailbox.logs().newest(ALL, 4));
        assertThat(ids(newest)).containsExactly("m36", "m37", "m38", "m39");
        assertThat(newest.end()).isEqualTo(newest.tail()).isEqualTo(after);
    }

    @ParameterizedTest
    @EnumSource
    void theMessageComesBackAsItWas(Backend backend) {
        Fixture f = Fixture.on(backend);
        Message message = new Message("m1", 5, f.now() + 9999, true, true, new byte[2000]);
        get(
                f.mailbox
                        .logs()
                        .append(
                                List.of(
                                        new LogOffer(
                                                ALL, message, "0:1", Set.of("pos", "pc"), false))));
        Broadcast read = get(f.mailbox.logs().newest(ALL, 1)).entries().getFirst();
        assertThat(read.message()).isEqualTo(message);
        assertThat(read.platforms()).containsExactlyInAnyOrder("pos", "pc");
        assertThat(read.log()).isEqualTo(ALL);
    }

    @ParameterizedTest
    @EnumSource
    void anEntryThatCannotBeReadIsCountedAndShowsAsAGap(Backend backend) {
        Fixture f = Fixture.on(backend);
        Position first = append(f, ALL, "m1").position();
        get(
                f.commands()
                        .xadd(
                                key(f, ALL, "log:shop/all"),
                                new XAddArgs().id((f.now() + 1) + "-0"),
                                Map.of(Bytes.of("junk"), Bytes.of("1"))));
        LogPage page = get(f.mailbox.logs().fetch(ALL, first, 10));
        assertThat(page.entries()).isEmpty();
        assertThat(page.end().isAfter(first)).isTrue();
        assertThat(f.errors(MailboxError.CORRUPT_ENTRY)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceBeginsWhereALogEndsWhenItFollowsItForTheFirstTime(Backend backend) {
        Fixture f = Fixture.on(backend);
        Position early = new Position(5, 0);
        Position late = new Position(9, 0);
        assertThat(open(f, Map.of("all", early))).containsEntry("all", early);
        assertThat(open(f, Map.of("all", late))).containsEntry("all", early);

        save(f, "all", new Position(7, 1));
        save(f, "all", new Position(7, 0));
        assertThat(open(f, Map.of("all", late))).containsEntry("all", new Position(7, 1));
    }

    @ParameterizedTest
    @EnumSource
    void cursorsGoWithTheDevice(Backend backend) {
        Fixture f = Fixture.on(backend);
        Registered registered = f.register(POS);
        open(f, Map.of("all", new Position(5, 0)));
        get(f.mailbox.unregister(POS, registered.route()));
        f.pass(Duration.ofDays(91));
        await("the sweep after its sets have let it go")
                .until(
                        () -> {
                            f.expire(POS);
                            return get(f.mailbox.status(POS)).platform() == null;
                        });
        Position now = new Position(9, 0);
        assertThat(open(f, Map.of("all", now))).containsEntry("all", now);
    }

    @ParameterizedTest
    @EnumSource
    void aRecalledMessageKeepsItsPlaceAndLosesItsPayload(Backend backend) {
        Fixture f = withLogs(backend, 3, Duration.ofHours(60));
        Position first = append(f, ALL, "m1").position();
        Position second = append(f, ALL, "m2").position();
        Position third = append(f, ALL, "m3").position();
        assertWithdrawn(recall(f, "m2"), second, 1);
        assertWithdrawn(recall(f, "m2"), second, 1);

        LogPage page = get(f.mailbox.logs().fetch(ALL, first, 10));
        assertThat(page.isGapAfter(first)).isFalse();
        assertThat(page.recalls()).isEqualTo(1);
        assertThat(page.entries().getFirst())
                .isEqualTo(Broadcast.recalled(ALL, second, first, "m2"));
        assertThat(page.entries().getLast().message().payload()).isNotEmpty();
        assertThat(get(f.mailbox.logs().ends(List.of(ALL))))
                .containsEntry(ALL, new LogEnd(third, 1, 0));
        assertThat(offer(f, ALL, "m2", "0:1")).isEqualTo(new LogResult.Duplicate(second, true));

        f.pass(Duration.ofHours(50));
        assertThat(get(f.mailbox.logs().recall(ALL, "m3", false)))
                .as("its id is forgotten")
                .isInstanceOf(LogRecallScript.Result.Absent.class);
        assertWithdrawn(get(f.mailbox.logs().recall(ALL, "m1", true)), first, 2);
        append(f, ALL, "m4");
        append(f, ALL, "m5");
        append(f, ALL, "m6");
        assertThat(recall(f, "m6")).isInstanceOf(LogRecallScript.Result.Withdrawn.class);
        assertThat(get(f.commands().zcard(key(f, ALL, "recalled:shop/all"))))
                .as("those that went with their entries")
                .isEqualTo(1);
        assertThat(recall(f, "m1")).isInstanceOf(LogRecallScript.Result.Absent.class);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsRecalledBeforeItComesDoesNotGetIn(Backend backend) {
        Fixture f = Fixture.on(backend);
        assertThat(recall(f, "m1")).isInstanceOf(LogRecallScript.Result.Absent.class);
        assertThat(offer(f, ALL, "m1", "0:1")).isEqualTo(new LogResult.Recalled(true));
        assertThat(offer(f, ALL, "m1", "0:1")).isEqualTo(new LogResult.Recalled(true));
        assertThat(offer(f, ALL, "m1", "0:2")).isEqualTo(new LogResult.Recalled(false));

        LogOffer noted = new LogOffer(ALL, f.message("m2"), "0:3", Set.of(), true);
        assertThat(get(f.mailbox.logs().append(List.of(noted))))
                .containsExactly(new LogResult.Recalled(true));
        assertThat(offer(f, ALL, "m2", "0:3")).isEqualTo(new LogResult.Recalled(true));
        assertThat(get(f.mailbox.logs().ends(List.of(ALL)))).isEmpty();
        assertThat(f.counted(MailboxMeters.LOG_APPENDS, "result", "recalled")).isEqualTo(5);
    }

    private static void assertWithdrawn(
            LogRecallScript.Result result, Position position, long recalls) {
        var withdrawn = (LogRecallScript.Result.Withdrawn) result;
        assertThat(withdrawn.position()).isEqualTo(position);
        assertThat(withdrawn.recalls()).isEqualTo(recalls);
        assertThat(withdrawn.at()).isPositive();
    }

    private static LogRecallScript.Result recall(Fixture f, String id) {
        return get(f.mailbox.logs().recall(ALL, id, false));
    }

    private static Fixture withLogs(Backend backend, int cap, Duration retention) {
        return Fixture.on(
                backend, Fixture.config(5).withLogs(new MailboxConfig.LogConfig(cap, retention)));
    }

    private static LogResult.Accepted append(Fixture f, LogKey log, String id) {
        return (LogResult.Accepted) offer(f, log, id, "0:1");
    }

    private static LogResult offer(Fixture f, LogKey log, String id, String origin) {
        return get(f.mailbox
                        .logs()
                        .append(List.of(new LogOffer(log, f.message(id), origin, Set.of(), false))))
                .getFirst();
    }

    private static Map<String, Position> open(Fixture f, Map<String, Position> tails) {
        return get(f.mailbox.logs().openCursors(POS, tails));
    }

    private static void save(Fixture f, String log, Position position) {
        get(f.mailbox.logs().saveCursors(List.of(new LogCursors(POS, Map.of(log, position)))));
    }

    private static List<String> ids(LogPage page) {
        return page.entries().stream().map(entry -> entry.message().id()).toList();
    }

    private static byte[] key(Fixture f, LogKey log, String rest) {
        return Bytes.of("{s" + f.shards.of(log) + "}" + rest);
    }
}
