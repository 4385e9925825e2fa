package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Fixture.offer;
import static io.pushgate.mailbox.Fixture.told;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.XAddArgs;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

class FetchScriptTest {
    @ParameterizedTest
    @EnumSource
    void pagesFollowEachOther(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.accept(POS, "m1");
        Position second = f.accept(POS, "m2").position();
        f.accept(POS, "m3");

        Page first = get(f.mailbox.fetch(POS, Position.NONE, 2));
        assertThat(first.entries()).extracting(e -> e.message().id()).containsExactly("m1", "m2");
        assertThat(first.more()).isTrue();
        Page last = get(f.mailbox.fetch(POS, second, 2));
        assertThat(last.entries()).extracting(e -> e.message().id()).containsExactly("m3");
        assertThat(last.more()).isFalse();
        assertThat(get(f.mailbox.fetch(POS, new Position(Long.MAX_VALUE, Long.MAX_VALUE), 2)))
                .isEqualTo(new Page(List.of(), false));
    }

    @ParameterizedTest
    @EnumSource
    void expiredMessagesAreLeftOut(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(100));
        for (int i = 0; i < 20; i++) {
            f.accept(offer(POS, f.message("short" + i, Duration.ofSeconds(30))));
        }
        f.accept(POS, "long");
        f.accept(offer(POS, f.message("last", Duration.ofSeconds(30))));
        f.pass(Duration.ofMinutes(1));
        Page page = get(f.mailbox.fetch(POS, Position.NONE, 1));
        assertThat(page.entries()).extracting(e -> e.message().id()).containsExactly("long");
        assertThat(page.more()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aPageIsBoundedInBytes(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(100));
        Random random = new Random(1);
        for (int i = 0; i < 10; i++) {
            byte[] payload = new byte[60_000];
            random.nextBytes(payload);
            f.accept(offer(POS, new Message("m" + i, 1, f.now() + 9999, false, false, payload)));
        }
        Page page = get(f.mailbox.fetch(POS, Position.NONE, 100));
        assertThat(page.entries()).hasSize(5);
        assertThat(page.more()).isTrue();
        assertThat(f.inbox(POS)).hasSize(10);
    }

    @Test
    void aPageIsBoundedInBytesOnceTheyAreDecompressed() {
        Fixture f = Fixture.on(Backend.SINGLE, Fixture.config(100));
        byte[] payload = new byte[60_000];
        for (int i = 0; i < 30; i++) {
            f.accept(offer(POS, new Message("m" + i, 1, f.now() + 9999, false, false, payload)));
        }
        Page page = get(f.mailbox.fetch(POS, Position.NONE, 100));
        assertThat(page.entries()).hasSize(FetchScript.MAX_DECODED_BYTES / payload.length);
        assertThat(page.more()).isTrue();
        Position after = page.entries().getLast().position();
        Page rest = get(f.mailbox.fetch(POS, after, 100));
        assertThat(rest.entries()).hasSize(30 - page.entries().size());
        assertThat(rest.more()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void entriesThatCannotBeReadAreCountedTakenOutAndBlockNothing(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(100));
        f.register(POS);
        Position first = f.accept(POS, "m1").position();
        Position second = f.accept(POS, "m2").position();
        f.accept(POS, "m3");
        byte[] box = f.key(POS, "box:shop/pos-7");
        get(f.commands().hdel(box, Bytes.of(first.toString())));
        get(f.commands().xdel(f.key(POS, "inbox:shop/pos-7"), second.toString()));
        get(
                f.commands()
                        .xadd(
                                f.key(POS, "inbox:shop/pos-7"),
                                new XAddArgs().id((f.now() + 1000) + "-0"),
                                Map.of(Bytes.of("junk"), Bytes.of("1"))));

        assertThat(f.inbox(POS)).containsExactly("m3");
        assertThat(f.errors(MailboxError.CORRUPT_ENTRY)).isEqualTo(2);
        await().untilAsserted(
                        () ->
                                assertThat(f.counted(MailboxMeters.ENDED, "how", "corrupt"))
                                        .isEqualTo(2));
        assertThat(told(f.pending(POS))).containsExactly("rejected:m1");
        assertThat(f.pending(POS).getFirst().receipt().reason())
                .isEqualTo("the stored message was unreadable");
        assertThat(get(f.commands().xlen(f.key(POS, "inbox:shop/pos-7")))).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aPayloadThatDoesNotDecompressIsTakenOutAndTheDeviceDisarmed(Backend backend) {
        Fixture f = Fixture.on(backend);
        f.register(POS);
        byte[] payload = new byte[5000];
        Position at =
                f.accept(offer(POS, new Message("m1", 1, f.now() + 9999, false, false, payload)))
                        .position();
        get(
                f.commands()
                        .hset(
                                f.key(POS, "box:shop/pos-7"),
                                Bytes.of(at.toString()),
                                new byte[] {1, 2, 3}));

        assertThat(f.inbox(POS)).isEmpty();
        await().until(() -> get(f.commands().exists(f.key(POS, "due"))) == 0);
        assertThat(told(f.pending(POS))).containsExactly("rejected:m1");
    }
}
