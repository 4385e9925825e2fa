package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.POS;
import static io.pushgate.mailbox.Fixture.get;
import static io.pushgate.mailbox.Fixture.told;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.DeviceKey;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class OutboxTest {
    @ParameterizedTest
    @EnumSource
    void receiptsWaitUntilTheyAreConfirmed(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(1));
        f.accept(POS, "m1");
        f.accept(POS, "m2");
        f.pass(Duration.ofSeconds(20));
        List<OutboxReceipt> second = f.accept(POS, "m3").receipts();
        int shard = f.shards.of(POS);

        assertThat(get(f.mailbox.pending(shard, Duration.ofSeconds(30), 10))).isEmpty();
        f.pass(Duration.ofSeconds(11));
        List<OutboxReceipt> old = get(f.mailbox.pending(shard, Duration.ofSeconds(30), 10));
        assertThat(told(old)).containsExactly("overflowed:m1");
        f.pass(Duration.ofSeconds(20));
        assertThat(told(get(f.mailbox.pending(shard, Duration.ofSeconds(30), 1))))
                .containsExactly("overflowed:m1");

        get(f.mailbox.confirm(old));
        get(f.mailbox.confirm(old));
        assertThat(f.pending(POS)).isEqualTo(second);
        get(f.mailbox.confirm(List.of()));
    }

    @ParameterizedTest
    @EnumSource
    void receiptsOfManyShardsAreConfirmedAtOnce(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(1));
        List<OutboxReceipt> receipts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            DeviceKey device = new DeviceKey("shop", "d" + i);
            f.accept(device, "a");
            receipts.addAll(f.accept(device, "b").receipts());
        }
        assertThat(receipts).hasSize(50);
        get(f.mailbox.confirm(receipts));
        for (int shard = 0; shard < f.mailbox.shards(); shard++) {
            assertThat(get(f.mailbox.pending(shard, Duration.ZERO, 10))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theClockMayStepBack(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(1));
        f.accept(POS, "m1");
        f.accept(POS, "m2");
        f.pass(Duration.ofMinutes(-5));
        assertThat(told(f.accept(POS, "m3").receipts())).containsExactly("overflowed:m2");
        f.pass(Duration.ofMinutes(6));
        assertThat(told(f.pending(POS))).containsExactly("overflowed:m1", "overflowed:m2");
    }

    @ParameterizedTest
    @EnumSource
    void anEntryThatCannotBeReadIsTakenOut(Backend backend) {
        Fixture f = Fixture.on(backend, Fixture.config(1));
        get(f.commands().xadd(f.key(POS, "outbox"), Map.of(Bytes.of("r"), Bytes.of("what|is"))));
        get(f.commands().xadd(f.key(POS, "outbox"), Map.of(Bytes.of("q"), Bytes.of("1"))));
        f.accept(POS, "m1");
        f.accept(POS, "m2");
        f.pass(Duration.ofSeconds(1));
        assertThat(told(f.pending(POS))).containsExactly("overflowed:m1");
        assertThat(f.errors(MailboxError.CORRUPT_RECEIPT)).isEqualTo(2);
        assertThat(get(f.commands().xlen(f.key(POS, "outbox")))).isEqualTo(1);
    }
}
