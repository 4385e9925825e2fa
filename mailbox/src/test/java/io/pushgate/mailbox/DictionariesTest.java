package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Fixture.offer;
import static io.pushgate.mailbox.Fixture.told;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.testkit.Orders;
import io.pushgate.testkit.Seeds;
import io.pushgate.testkit.TestRedis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Inboxes whose payloads are written with dictionaries, from training to reading. */
class DictionariesTest {
    private final Orders orders = new Orders(Seeds.random().nextLong());
    private final List<byte[]> sent = new ArrayList<>();

    private void train(Fixture f, long seed) {
        PayloadDictionaries dictionaries =
                new PayloadDictionaries(f.backend.connection(), f.registry, f.shift::get);
        assertThat(get(dictionaries.put("shop", Trained.trained(seed))))
                .isInstanceOf(DictionaryPut.Stored.class);
        f.pass(DictionaryStore.DELAY.plus(Dictionaries.REFRESH));
    }

    private Position send(Fixture f) {
        byte[] order = orders.next(1500);
        sent.add(order);
        Message message =
                new Message("m" + sent.size(), 1, f.now() + 3_600_000, true, false, order);
        return f.accept(offer(POS, message)).position();
    }

    /** Sends until a message was written with the dictionary that was trained last. */
    private Position sendWithDictionary(Fixture f) {
        double before = written(f);
        Position[] last = {Position.NONE};
        await().until(
                        () -> {
                            last[0] = send(f);
                            return written(f) > before;
                        });
        return last[0];
    }

    private static double written(Fixture f) {
        return f.counted(MailboxMeters.PAYLOADS, "form", "dictionary");
    }

    private static List<byte[]> read(Mailbox mailbox) {
        Page page = get(mailbox.fetch(POS, Position.NONE, 256));
        assertThat(page.more()).isFalse();
        return page.entries().stream().map(entry -> entry.message().payload()).toList();
    }

    /** A process that has never seen a dictionary. */
    private static Mailbox stranger(Fixture f, SimpleMeterRegistry registry) {
        return new Mailbox(f.backend.connection(), Fixture.config(1000), registry, f.shift::get);
    }

    private static long dictionaryAt(Fixture f, Position position) {
        byte[] box = f.key(POS, "box:shop/pos-7");
        byte[] payload = get(f.commands().hget(box, Bytes.of(position.toString())));
        return new PayloadCodec.Stored(payload, true).dictionary();
    }

    @ParameterizedTest
    @EnumSource
    void entriesOfAllVersionsAndOfNoneAreReadByANodeThatKnewNone(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(1000));
        send(f);
        train(f, 1);
        long first = dictionaryAt(f, sendWithDictionary(f));
        train(f, 2);
        await().until(() -> dictionaryAt(f, send(f)) != first);

        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Mailbox stranger = stranger(f, registry)) {
            assertThat(read(stranger)).containsExactlyElementsOf(sent);
        }
        assertThat(read(f.mailbox)).containsExactlyElementsOf(sent);
        assertThat(registry.get(MailboxMeters.DICTIONARIES.meterName()).gauge().value())
                .isEqualTo(2);
        assertThat(f.errors(MailboxError.CORRUPT_ENTRY)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anAppIsWrittenWithItsOwnDictionaryOnly(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(1000));
        train(f, 1);
        sendWithDictionary(f);
        DeviceKey other = new DeviceKey("warehouse", "pos-7");
        double before = written(f);
        byte[] order = orders.next(1500);
        for (int i = 0; i < 5; i++) {
            f.accept(offer(other, new Message("w" + i, 1, f.now() + 9999, false, false, order)));
        }
        assertThat(written(f)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void noneIsWrittenWithBeforeItsTime(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(1000));
        PayloadDictionaries dictionaries =
                new PayloadDictionaries(backend.connection(), f.registry, f.shift::get);
        get(dictionaries.put("shop", Trained.trained(1)));
        for (int i = 0; i < 5; i++) {
            send(f);
            f.pass(Dictionaries.REFRESH.dividedBy(3));
        }
        assertThat(written(f)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aDictionaryThatIsGoneCostsItsEntriesAndBlocksNothing(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(1000));
        train(f, 1);
        sendWithDictionary(f);
        long id = Trained.trained(1).id();
        get(f.commands().del(DictionaryStore.key("shop", id)));
        int lost = (int) written(f);
        try (Mailbox stranger = stranger(f, f.registry)) {
            assertThat(read(stranger)).hasSize(sent.size() - lost);
        }
        assertThat(f.errors(MailboxError.CORRUPT_ENTRY)).isEqualTo(lost);
        await().until(() -> f.pending(POS).size() == lost);
        assertThat(told(f.pending(POS))).allSatisfy(t -> assertThat(t).startsWith("rejected:"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWritesWithOnePutsItBackWhenRedisHasLostIt(boolean withTheIndex) {
        Fixture f = Fixture.on(Backend.SINGLE, Fixture.config(1000));
        train(f, 1);
        sendWithDictionary(f);
        byte[] key = DictionaryStore.key("shop", Trained.trained(1).id());
        get(f.commands().del(key));
        if (withTheIndex) {
            get(f.commands().del(DictionaryStore.indexKey("shop")));
        }
        f.pass(Dictionaries.REFRESH);
        send(f);
        await().until(() -> get(f.commands().exists(key)) == 1);
        assertThat(get(f.commands().pttl(key))).isPositive();
        try (Mailbox stranger = stranger(f, f.registry)) {
            assertThat(read(stranger)).containsExactlyElementsOf(sent);
        }
        double before = written(f);
        send(f);
        assertThat(written(f)).isEqualTo(before);
    }

    @Test
    void whileRedisCannotBeAskedForADictionaryNothingIsTakenForLost() {
        Fixture f = Fixture.on(Backend.SINGLE, Fixture.config(1000));
        RedisConnection closed = RedisConnection.open(TestRedis.shared().config());
        closed.close();
        Decoder decoder = new Decoder(f.registry);
        Dictionaries dictionaries =
                new Dictionaries(
                        new DictionaryStore(closed, decoder, () -> 0), decoder, System::nanoTime);
        assertThatThrownBy(() -> get(dictionaries.find("shop", Set.of(7L))))
                .hasRootCauseInstanceOf(RedisException.class);
        assertThat(dictionaries.current("shop")).isNull();
        assertThat(f.errors(MailboxError.DICTIONARY_UNKNOWN)).isEqualTo(1);
    }

    @Test
    void whatIsNotConfirmedForLongIsNotWrittenWith() {
        Fixture f = Fixture.on(Backend.SINGLE, Fixture.config(1000));
        train(f, 1);
        Decoder decoder = new Decoder(f.registry);
        long[] nanos = {0};
        Dictionaries dictionaries =
                new Dictionaries(
                        new DictionaryStore(f.backend.connection(), decoder, f.shift::get),
                        decoder,
                        () -> nanos[0]);
        await().until(() -> dictionaries.current("shop") != null);
        nanos[0] += Dictionaries.TRUST.toNanos();
        assertThat(dictionaries.current("shop")).isNull();
        await().until(() -> dictionaries.current("shop") != null);
        nanos[0] += Duration.ofSeconds(1).toNanos();
        assertThat(dictionaries.current("shop")).isNotNull();
    }

    @Test
    void whatIsCarriedIsReadOnceItsDictionaryIsKnown() {
        Fixture f = Fixture.on(Backend.SINGLE, Fixture.config(1000));
        Message plain = new Message("m", 1, f.now() + 9999, false, false, orders.next(1500));
        train(f, 1);
        sendWithDictionary(f);
        Message packed = f.mailbox.payloads().pack("shop", plain);
        assertThat(packed.compressed()).isTrue();
        assertThat(packed.payload()).hasSizeLessThan(plain.payload().length / 3);
        assertThatThrownBy(packed::plainPayload).hasMessageContaining("still compressed");
        assertThat(f.mailbox.payloads().unpack("shop", packed)).isEqualTo(plain);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Mailbox stranger = stranger(f, registry)) {
            assertThat(stranger.payloads().unpack("shop", packed)).isNull();
            assertThat(read(stranger)).containsExactlyElementsOf(sent);
            assertThat(stranger.payloads().unpack("shop", packed)).isEqualTo(plain);
        }
    }

    @Test
    void whatIsShortOrNotPackedIsCarriedAsItIs() {
        Fixture f = Fixture.on(Backend.SINGLE, Fixture.config(1000));
        Message message = f.message("short");
        assertThat(f.mailbox.payloads().pack("shop", message)).isSameAs(message);
        assertThat(f.mailbox.payloads().unpack("shop", message)).isSameAs(message);
    }

    @Test
    void aCarriedPayloadThatCannotBeReadIsCounted() {
        Fixture f = Fixture.on(Backend.SINGLE, Fixture.config(1000));
        Message corrupt = f.message("m").with(true, Bytes.of("no zstd frame at all"));
        assertThat(f.mailbox.payloads().unpack("shop", corrupt)).isNull();
        assertThat(f.errors(MailboxError.CORRUPT_PAYLOAD)).isEqualTo(1);
    }
}
