package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Logs of groups: which there are, and where a device begins in them. */
class GroupLogsTest {
    private static final LogKey TILLS = LogKey.group("shop", "tills");
    private static final LogKey NORTH = LogKey.group("shop", "north");

    /** More than the clocks of a cluster's servers may differ. */
    private static final Duration WHILE = Duration.ofSeconds(3);

    @ParameterizedTest
    @EnumSource
    void theGroupsThatHaveALogAreFoundAsLongAsItHoldsAnything(Backend backend) {
        Fixture f = Fixture.on(backend);
        append(f, LogKey.all("shop"), "m0");
        assertThat(marked(f, "shop", 0)).isEmpty();
        assertThat(groupsAt(f, "shop")).isZero();
        append(f, TILLS, "m1");
        long first = groupsAt(f, "shop");
        assertThat(first).isBetween(f.now() - 5_000, f.now() + 5_000);
        append(f, LogKey.group("other", "tills"), "m1");
        f.pass(WHILE);
        append(f, NORTH, "m1");
        assertThat(groupsAt(f, "shop")).isGreaterThan(first);
        assertThat(groupsAt(f, "other")).as("nothing in its own log").isPositive();
        assertThat(marked(f, "shop", 0)).containsExactlyInAnyOrder("tills", "north");
        assertThat(marked(f, "other", 0)).containsExactly("tills");
        assertThat(marked(f, "shop", f.now() - WHILE.toMillis() / 2)).containsExactly("north");

        long at = get(f.mailbox.logs().groupLogs("shop", 0)).at();
        assertThat(at).isBetween(f.now() - 5_000, f.now() + 5_000);
        f.pass(Duration.ofDays(13));
        append(f, NORTH, "m2");
        f.pass(Duration.ofDays(2));
        append(f, NORTH, "m3");
        assertThat(marked(f, "shop", 0)).containsExactly("north");
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceBeginsWhereItCameIntoTheGroupAlsoWhileItIsAway(Backend backend) {
        Fixture f = Fixture.on(backend);
        append(f, TILLS, "before");
        f.pass(WHILE);
        register(f, "tills");
        get(f.mailbox.groups().join(POS, "north"));
        f.pass(WHILE);
        append(f, TILLS, "after");
        append(f, NORTH, "after");
        f.pass(WHILE);
        register(f, "tills");
        assertThat(open(f, "g.tills", "g.north")).containsOnlyKeys("g.tills", "g.north");
        assertThat(ids(f, TILLS, cursor(f, "g.tills"))).containsExactly("after");
        assertThat(ids(f, NORTH, cursor(f, "g.north"))).containsExactly("after");
    }

    @ParameterizedTest
    @EnumSource
    void whoLeavesAndComesBackBeginsAnew(Backend backend) {
        Fixture f = Fixture.on(backend);
        get(f.mailbox.groups().join(POS, "tills"));
        f.pass(WHILE);
        Position first = append(f, TILLS, "m1");
        assertThat(cursor(f, "g.tills").isAfter(first)).isFalse();
        get(f.mailbox.groups().leave(POS, "tills"));
        f.pass(WHILE);
        Position missed = append(f, TILLS, "m2");
        save(f, "g.tills", first); // of a session that had not heard of it
        f.pass(WHILE);
        get(f.mailbox.groups().join(POS, "tills"));
        Position anew = cursor(f, "g.tills");
        assertThat(anew.isAfter(missed)).isTrue();
        f.pass(WHILE);
        append(f, TILLS, "m3");
        assertThat(ids(f, TILLS, anew)).containsExactly("m3");
    }

    @ParameterizedTest
    @EnumSource
    void byTokenAndByTheApiIsOneMembership(Backend backend) {
        Fixture f = Fixture.on(backend);
        register(f, "tills");
        Position begin = cursor(f, "g.tills");
        f.pass(WHILE);
        get(f.mailbox.groups().join(POS, "tills"));
        register(f);
        assertThat(open(f, "g.tills")).containsEntry("g.tills", begin);
        f.pass(WHILE);
        get(f.mailbox.groups().leave(POS, "tills"));
        f.pass(WHILE);
        register(f, "tills");
        assertThat(cursor(f, "g.tills").isAfter(begin)).isTrue();
    }

    @Test
    void aSavedCursorMovesAndIsMadeOnlyForAMember() {
        Fixture f = Fixture.on(Backend.SINGLE);
        save(f, "g.tills", new Position(f.now() + 1_000, 0));
        assertThat(cursorsOf(f)).as("it is no member").isEmpty();
        register(f, "tills");
        Position acked = new Position(f.now() + 2_000, 3);
        save(f, "g.tills", acked);
        assertThat(open(f, "g.tills")).containsEntry("g.tills", acked);
    }

    @Test
    void whatNoLogCanHoldAnyMoreIsForgottenAtAConnect() {
        Fixture f = Fixture.on(Backend.SINGLE);
        Registered registered = register(f, "tills");
        assertThat(cursorsOf(f)).startsWith("g.tills ");
        f.pass(Duration.ofDays(13));
        register(f, "tills");
        assertThat(cursorsOf(f)).startsWith("g.tills ");
        f.pass(Duration.ofDays(2));
        register(f, "tills");
        assertThat(cursorsOf(f)).isEmpty();
        Position without = cursor(f, "g.tills");
        assertThat(without.millis())
                .isBetween(
                        f.now() - Duration.ofDays(14).toMillis() - 5_000,
                        f.now() - Duration.ofDays(14).toMillis() + 5_000);
        assertThat(registered.apiGroups()).isEmpty();
    }

    @Test
    void aConnectTellsTheGroupsThatTheApiGave() {
        Fixture f = Fixture.on(Backend.SINGLE);
        get(f.mailbox.groups().join(POS, "north"));
        get(f.mailbox.groups().join(POS, "tills"));
        assertThat(register(f, "tills").apiGroups()).containsExactly("north", "tills");
        get(f.mailbox.groups().leave(POS, "north"));
        assertThat(register(f, "tills").apiGroups()).containsExactly("tills");
    }

    @Test
    void aMessageGoesTheWayItWentFirst() {
        Fixture f = Fixture.on(Backend.SINGLE);
        Messages messages = f.mailbox.messages();
        assertThat(get(messages.goesByLog("shop", "m1", "tills", false))).isFalse();
        assertThat(get(messages.goesByLog("shop", "m1", "tills", true))).isFalse();
        assertThat(get(messages.goesByLog("shop", "m1", "north", true))).isTrue();
        assertThat(get(messages.goesByLog("shop", "m1", "north", false))).isTrue();
        assertThat(get(messages.goesByLog("shop", "m2", "tills", true))).isTrue();
    }

    private static Position append(Fixture f, LogKey log, String id) {
        LogOffer offer = new LogOffer(log, f.message(id), "0:1", Set.of(), false);
        return ((LogResult.Accepted) get(f.mailbox.logs().append(List.of(offer))).getFirst())
                .position();
    }

    private static Set<String> marked(Fixture f, String app, long since) {
        return get(f.mailbox.logs().groupLogs(app, since)).groups();
    }

    private static long groupsAt(Fixture f, String app) {
        LogKey all = LogKey.all(app);
        return Objects.requireNonNull(get(f.mailbox.logs().ends(List.of(all))).get(all)).groupsAt();
    }

    private static Registered register(Fixture f, String... groups) {
        return get(
                f.mailbox.register(
                        new Registration(POS, "n1", "pos", "1", null, null, List.of(groups))));
    }

    private static Map<String, Position> open(Fixture f, String... logs) {
        return get(f.mailbox.logs().openGroupCursors(POS, List.of(logs)));
    }

    private static Position cursor(Fixture f, String log) {
        return Objects.requireNonNull(open(f, log).get(log));
    }

    private static void save(Fixture f, String log, Position position) {
        get(f.mailbox.logs().saveCursors(List.of(new LogCursors(POS, Map.of(log, position)))));
    }

    private static String cursorsOf(Fixture f) {
        byte[] text = get(f.commands().hget(f.key(POS, "cursors"), Bytes.of(POS.toString())));
        return text == null ? "" : Bytes.text(text);
    }

    private static List<String> ids(Fixture f, LogKey log, Position after) {
        return get(f.mailbox.logs().fetch(log, after, 10)).entries().stream()
                .map(entry -> entry.message().id())
                .toList();
    }
}
