package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.mailbox.DictionaryVersion.State;
import io.pushgate.protocol.PushRequest;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

class DictionaryScriptTest {
    private static final String APP = "shop";

    private static PayloadDictionaries dictionaries(Fixture f) {
        return new PayloadDictionaries(f.backend.connection(), f.registry, f.shift::get);
    }

    private static DictionaryPut put(Fixture f, TrainedDictionary trained) {
        return get(dictionaries(f).put(APP, trained));
    }

    private static List<DictionaryVersion> list(Fixture f) {
        return get(dictionaries(f).list(APP));
    }

    /** How long Redis keeps the dictionary: below 0 without end. */
    private static long keptMillis(Fixture f, TrainedDictionary trained) {
        return get(f.commands().pttl(DictionaryStore.key(APP, trained.id())));
    }

    @ParameterizedTest
    @EnumSource
    void aVersionWaitsIsCurrentAndThenKept(Backend backend) {
        Fixture f = Fixture.on(backend);
        assertThat(list(f)).isEmpty();
        TrainedDictionary first = Trained.trained(1);
        TrainedDictionary second = Trained.trained(2);

        assertThat(put(f, first))
                .isInstanceOfSatisfying(
                        DictionaryPut.Stored.class,
                        stored -> assertThat(stored.version()).isEqualTo(1));
        assertThat(list(f)).extracting(DictionaryVersion::state).containsExactly(State.WAITING);
        f.pass(DictionaryStore.DELAY);
        assertThat(list(f)).extracting(DictionaryVersion::state).containsExactly(State.CURRENT);
        assertThat(keptMillis(f, first)).isNegative();

        put(f, second);
        assertThat(list(f))
                .extracting(DictionaryVersion::state)
                .containsExactly(State.CURRENT, State.WAITING);
        f.pass(DictionaryStore.DELAY);
        List<DictionaryVersion> both = list(f);
        assertThat(both)
                .extracting(DictionaryVersion::state)
                .containsExactly(State.KEPT, State.CURRENT);
        assertThat(both.getFirst())
                .satisfies(
                        v -> {
                            assertThat(v.id()).isEqualTo(first.id());
                            assertThat(v.bytes()).isEqualTo(first.bytes());
                            assertThat(v.samples()).isEqualTo(first.samples());
                            assertThat(v.until()).isGreaterThan(f.now());
                        });
        assertThat(keptMillis(f, second)).isNegative();
    }

    @ParameterizedTest
    @EnumSource
    void aPredecessorIsKeptLongerThanAnythingWrittenWithIt(Backend backend) {
        Fixture f = Fixture.on(backend);
        TrainedDictionary first = Trained.trained(1);
        put(f, first);
        f.pass(Duration.ofDays(100));
        put(f, Trained.trained(2));
        // Its last writers may not hear of the successor for a while, and messages wait for so
        // long.
        Duration longest = DictionaryStore.DELAY.plus(Dictionaries.TRUST).plus(PushRequest.MAX_TTL);
        assertThat(keptMillis(f, first)).isGreaterThan(longest.toMillis());
    }

    @ParameterizedTest
    @EnumSource
    void theSameContentIsStoredOnce(Backend backend) {
        Fixture f = Fixture.on(backend);
        put(f, Trained.trained(1));
        assertThat(put(f, Trained.trained(1))).isEqualTo(new DictionaryPut.Known(1));
        assertThat(list(f)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLostIsStoredAnew(Backend backend) {
        Fixture f = Fixture.on(backend);
        TrainedDictionary first = Trained.trained(1);
        put(f, first);
        get(f.commands().del(DictionaryStore.key(APP, first.id())));
        assertThat(put(f, first))
                .isInstanceOfSatisfying(
                        DictionaryPut.Stored.class,
                        stored -> assertThat(stored.version()).isEqualTo(2));
        assertThat(list(f)).hasSize(1);
        assertThat(keptMillis(f, first)).isNegative();
    }

    @ParameterizedTest
    @EnumSource
    void noneGoesForANewOneBeforeItsTime(Backend backend) {
        Fixture f = Fixture.on(backend);
        for (int i = 0; i < DictionaryStore.MAX_VERSIONS; i++) {
            assertThat(put(f, Trained.variant(i + 1))).isInstanceOf(DictionaryPut.Stored.class);
            f.pass(Duration.ofMinutes(1));
        }
        TrainedDictionary further = Trained.variant(100);
        assertThat(put(f, further))
                .isInstanceOfSatisfying(
                        DictionaryPut.Full.class,
                        full -> assertThat(full.until()).isEqualTo(list(f).getFirst().until()));
        assertThat(list(f)).hasSize(DictionaryStore.MAX_VERSIONS);

        f.pass(Lifetimes.DICTIONARY);
        assertThat(put(f, further))
                .isInstanceOfSatisfying(
                        DictionaryPut.Stored.class,
                        stored ->
                                assertThat(stored.version())
                                        .isEqualTo(DictionaryStore.MAX_VERSIONS + 1));
        assertThat(list(f)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotedUnreadablyIsLeftOutAndCounted(Backend backend) {
        Fixture f = Fixture.on(backend);
        put(f, Trained.trained(1));
        get(f.commands().set(DictionaryStore.key(APP, 7), Bytes.of("junk")));
        get(f.commands().hset(DictionaryStore.indexKey(APP), Bytes.of("7"), Bytes.of("junk")));
        assertThat(list(f)).hasSize(1);
        assertThat(f.errors(MailboxError.CORRUPT_DICTIONARY)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLostIsForgottenEvenIfItComesBack(Backend backend) {
        Fixture f = Fixture.on(backend);
        TrainedDictionary first = Trained.trained(1);
        TrainedDictionary second = Trained.trained(2);
        put(f, first);
        put(f, second);
        assertThat(keptMillis(f, first)).isPositive();
        byte[] key = DictionaryStore.key(APP, second.id());
        get(f.commands().del(key));
        assertThat(list(f)).extracting(DictionaryVersion::id).containsExactly(first.id());
        assertThat(keptMillis(f, first)).isNegative();
        get(f.commands().set(key, second.dictionary().bytes()));
        assertThat(list(f)).extracting(DictionaryVersion::id).containsExactly(first.id());
    }
}
