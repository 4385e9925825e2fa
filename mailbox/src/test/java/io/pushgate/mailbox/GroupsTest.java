package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

class GroupsTest {
    private static final Audience.App SHOP = new Audience.App("shop");

    private static Audience group(String name) {
        return new Audience.Group("shop", name);
    }

    private static DeviceKey device(String name) {
        return new DeviceKey("shop", name);
    }

    private static Registered register(
            Fixture f, DeviceKey device, String platform, String... groups) {
        return get(
                f.mailbox.register(
                        new Registration(
                                device, "n1", platform, "1", null, null, List.of(groups))));
    }

    private static List<String> all(Fixture f, Audience audience, int limit, String... platforms) {
        List<String> devices = new ArrayList<>();
        AudienceCursor cursor = AudienceCursor.START;
        AudiencePage page;
        do {
            page = get(f.mailbox.groups().page(audience, Set.of(platforms), cursor, limit));
            assertThat(page.devices()).hasSizeLessThanOrEqualTo(limit);
            devices.addAll(page.devices());
            cursor = page.next();
        } while (page.more());
        return devices;
    }

    @ParameterizedTest
    @EnumSource
    void aTokenReplacesTheGroupsOfTheOneBefore(Backend backend) {
        Fixture f = Fixture.on(backend);
        register(f, POS, "pos", "b", "a");
        assertThat(all(f, group("a"), 10)).containsExactly("pos-7");
        assertThat(all(f, group("b"), 10)).containsExactly("pos-7");
        assertThat(all(f, SHOP, 10)).containsExactly("pos-7");
        get(f.mailbox.groups().join(POS, "api"));

        register(f, POS, "pos", "b", "c");
        assertThat(all(f, group("a"), 10)).isEmpty();
        assertThat(all(f, group("b"), 10)).containsExactly("pos-7");
        assertThat(get(f.mailbox.groups().of(POS))).containsExactlyInAnyOrder("b", "c", "api");

        register(f, POS, "pos");
        assertThat(all(f, group("c"), 10)).isEmpty();
        assertThat(all(f, group("api"), 10)).containsExactly("pos-7");
        assertThat(all(f, SHOP, 10)).containsExactly("pos-7");
    }

    @ParameterizedTest
    @EnumSource
    void theApiPutsInAndTakesOutWhoNeverConnected(Backend backend) {
        Fixture f = Fixture.on(backend);
        assertThat(get(f.mailbox.groups().join(POS, "a"))).isEqualTo(new JoinResult.Joined());
        assertThat(get(f.mailbox.groups().join(POS, "a"))).isEqualTo(new JoinResult.Joined());
        assertThat(all(f, group("a"), 10)).containsExactly("pos-7");
        assertThat(get(f.mailbox.groups().size(group("a")))).isEqualTo(1);
        assertThat(get(f.mailbox.groups().leave(POS, "a"))).isTrue();
        assertThat(all(f, group("a"), 10)).isEmpty();
        assertThat(get(f.mailbox.groups().leave(POS, "a"))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void theApiCanNotTakeOutWhomATokenPutsIn(Backend backend) {
        Fixture f = Fixture.on(backend);
        register(f, POS, "pos", "a");
        get(f.mailbox.groups().join(POS, "a"));
        assertThat(get(f.mailbox.groups().leave(POS, "a"))).isFalse();
        assertThat(all(f, group("a"), 10)).containsExactly("pos-7");
        register(f, POS, "pos");
        assertThat(all(f, group("a"), 10)).isEmpty();
    }

    @Test
    void aDeviceIsPutIntoAHundredGroupsAtMost() {
        Fixture f = Fixture.on(Backend.SINGLE);
        for (int i = 0; i < Groups.MAX_OF_DEVICE; i++) {
            assertThat(get(f.mailbox.groups().join(POS, "g" + i)))
                    .isEqualTo(new JoinResult.Joined());
        }
        assertThat(get(f.mailbox.groups().join(POS, "one-more")))
                .isEqualTo(new JoinResult.TooMany());
        assertThat(get(f.mailbox.groups().join(POS, "g7"))).isEqualTo(new JoinResult.Joined());
        assertThat(all(f, group("one-more"), 10)).isEmpty();
    }

    @Test
    void aNameThatNoGroupHasIsRefused() {
        Fixture f = Fixture.on(Backend.SINGLE);
        for (String name : List.of("", "a,b", "a|b", "*")) {
            assertThatThrownBy(() -> f.mailbox.groups().join(POS, name))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aFullGroupTurnsAwayAndKeepsNoTraceOfIt() {
        Fixture f = Fixture.on(Backend.SINGLE);
        AudienceSets small = new AudienceSets(f.backend.connection(), f.shards, 1);
        List<DeviceKey> samePart =
                IntStream.range(0, 100)
                        .mapToObj(i -> device("d" + i))
                        .filter(d -> Shards.part(group("a"), d.device()) == 0)
                        .limit(2)
                        .toList();
        assertThat(get(small.add(group("a"), samePart.getFirst().device()))).isTrue();
        assertThat(get(small.add(group("a"), samePart.getLast().device()))).isFalse();
        assertThat(get(small.add(group("a"), samePart.getFirst().device()))).isTrue();
        assertThat(all(f, group("a"), 10)).containsExactly(samePart.getFirst().device());
    }

    @ParameterizedTest
    @EnumSource
    void pagesHoldEachOnceWhateverTheirSize(Backend backend) {
        Fixture f = Fixture.on(backend);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            names.add("d" + i);
            get(f.mailbox.groups().join(device("d" + i), "a"));
        }
        for (int limit : new int[] {1, 7, 59, 60, 61, 1000}) {
            assertThat(all(f, group("a"), limit))
                    .as("limit %d", limit)
                    .containsExactlyInAnyOrderElementsOf(names);
            assertThat(all(f, SHOP, limit))
                    .as("limit %d", limit)
                    .containsExactlyInAnyOrderElementsOf(names);
        }
    }

    @Test
    void whoStaysIsReadOnceWhileOthersComeAndGo() {
        Random random = Seeds.random();
        Fixture f = Fixture.on(Backend.SINGLE);
        Set<String> staying = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            get(f.mailbox.groups().join(device("d" + i), "a"));
            staying.add("d" + i);
        }
        List<String> read = new ArrayList<>();
        AudienceCursor cursor = AudienceCursor.START;
        AudiencePage page;
        do {
            page = get(f.mailbox.groups().page(group("a"), Set.of(), cursor, 10));
            read.addAll(page.devices());
            cursor = page.next();
            for (int i = 0; i < 8; i++) {
                String name = "d" + random.nextInt(400);
                if (random.nextBoolean()) {
                    staying.remove(name);
                    get(f.mailbox.groups().leave(device(name), "a"));
                } else {
                    get(f.mailbox.groups().join(device(name), "a"));
                }
            }
        } while (page.more());
        assertThat(read).doesNotHaveDuplicates().containsAll(staying);
    }

    @Test
    void changesOfOneDeviceAtTheSameTimeEndInLine() {
        Random random = Seeds.random();
        Fixture f = Fixture.on(Backend.SINGLE);
        for (int round = 0; round < 20; round++) {
            List<CompletableFuture<?>> changes = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String group = "g" + random.nextInt(3);
                changes.add(
                        switch (random.nextInt(3)) {
                            case 0 -> f.mailbox.groups().join(POS, group).toCompletableFuture();
                            case 1 -> f.mailbox.groups().leave(POS, group).toCompletableFuture();
                            default ->
                                    f.mailbox
                                            .register(
                                                    new Registration(
                                                            POS,
                                                            "n1",
                                                            "pos",
                                                            "1",
                                                            null,
                                                            null,
                                                            List.of(group)))
                                            .toCompletableFuture();
                        });
            }
            get(CompletableFuture.allOf(changes.toArray(CompletableFuture[]::new)));
            List<String> groups = get(f.mailbox.groups().of(POS));
            for (int g = 0; g < 3; g++) {
                assertThat(all(f, group("g" + g), 10).isEmpty())
                        .as("round %d, g%d of %s", round, g, groups)
                        .isEqualTo(!groups.contains("g" + g));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPlatformNarrowsToThoseWhoHaveItAndThoseUnknown(Backend backend) {
        Fixture f = Fixture.on(backend);
        register(f, device("till"), "pos", "a");
        register(f, device("desk"), "pc", "a");
        get(f.mailbox.groups().join(device("new"), "a"));
        assertThat(all(f, group("a"), 10, "pos")).containsExactlyInAnyOrder("till", "new");
        assertThat(all(f, SHOP, 1, "pc", "web")).containsExactlyInAnyOrder("desk", "new");
    }

    @ParameterizedTest
    @EnumSource
    void aForgottenDeviceLeavesItsGroups(Backend backend) {
        Fixture f = Fixture.on(backend);
        Registered session = register(f, POS, "pos", "a");
        get(f.mailbox.groups().join(POS, "b"));
        get(f.mailbox.unregister(POS, session.route()));
        get(f.mailbox.groups().join(device("never"), "b"));
        f.pass(Lifetimes.DEVICE.plus(Duration.ofHours(1)));
        f.expire(POS);
        f.expire(device("never"));
        await().until(() -> all(f, SHOP, 10).isEmpty());
        assertThat(all(f, group("a"), 10)).isEmpty();
        assertThat(all(f, group("b"), 10)).isEmpty();
        await().until(() -> get(f.mailbox.groups().of(POS)).isEmpty());
        f.expire(POS);
        assertThat(get(f.commands().hlen(f.key(POS, "devices")))).isZero();
        assertThat(get(f.commands().zcard(f.key(POS, "lastseen")))).isZero();
        assertThat(get(f.commands().hlen(f.key(POS, "groups")))).isZero();
    }

    @Test
    void aConnectRepairsASetADayLater() {
        Fixture f = Fixture.on(Backend.SINGLE);
        register(f, POS, "pos", "a");
        byte[] part = f.shards.audience(group("a"), Shards.part(group("a"), POS.device()));
        get(f.commands().del(part));
        register(f, POS, "pos", "a");
        assertThat(all(f, group("a"), 10)).isEmpty();
        f.pass(Duration.ofDays(1));
        register(f, POS, "pos", "a");
        assertThat(all(f, group("a"), 10)).containsExactly("pos-7");
    }

    @Test
    void aConnectFinishesWhatAnotherProcessBegan() {
        Fixture f = Fixture.on(Backend.SINGLE);
        register(f, POS, "pos", "a");
        // As a process leaves it that died after the record and before the sets.
        byte[] groups = f.key(POS, "groups");
        byte[] field = Bytes.of(POS.toString());
        get(f.commands().hset(groups, field, Bytes.of("0|b||a")));
        register(f, POS, "pos", "b");
        assertThat(all(f, group("a"), 10)).isEmpty();
        assertThat(all(f, group("b"), 10)).containsExactly("pos-7");
        assertThat(Bytes.text(get(f.commands().hget(groups, field))))
                .matches("[1-9]\\d+\\|b\\|\\|");
    }

    @Test
    void expansionsMoveOnOnlyFromWhereTheyAre() throws Exception {
        Fixture f = Fixture.on(Backend.SINGLE);
        Expansions expansions = f.mailbox.expansions();
        Progress first = new Progress(500, new AudienceCursor(2, "d7").toString(), false);
        Progress done = new Progress(600, "", true);
        assertThat(get(expansions.progress("x"))).isEqualTo(Progress.NONE);
        assertThat(get(expansions.advance("x", Progress.NONE, first))).isEqualTo(first);
        assertThat(get(expansions.advance("x", Progress.NONE, done))).isEqualTo(first);
        assertThat(get(expansions.advance("x", first, done))).isEqualTo(done);
        assertThat(get(expansions.progress("x"))).isEqualTo(done);
        assertThat(AudienceCursor.parse(first.cursor())).isEqualTo(new AudienceCursor(2, "d7"));
        get(expansions.restart("x"));
        assertThat(get(expansions.progress("x"))).isEqualTo(Progress.NONE);

        get(f.commands().set(f.shards.expansion("x"), Bytes.of("nonsense")));
        assertThat(get(expansions.progress("x"))).isEqualTo(Progress.NONE);
        assertThat(get(expansions.advance("x", Progress.NONE, first))).isEqualTo(first);
        assertThat(f.errors(MailboxError.CORRUPT_PROGRESS)).isEqualTo(1);
    }

    @Test
    void anOfferToWhoNeverConnectedWaits() {
        Fixture f = Fixture.on(Backend.SINGLE);
        get(f.mailbox.groups().join(POS, "a"));
        f.accept(POS, "m1");
        assertThat(f.inbox(POS)).containsExactly("m1");
        assertThat(register(f, POS, "pos").tail()).isNotEqualTo(Position.NONE);
    }
}
