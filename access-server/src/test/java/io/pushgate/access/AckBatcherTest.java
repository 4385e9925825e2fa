package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import io.pushgate.mailbox.Ack;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

class AckBatcherTest {
    private final FakeInbox inbox = new FakeInbox();
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final AckBatcher batcher =
            new AckBatcher(
                    loop.eventLoop(),
                    inbox,
                    Duration.ofMillis(5),
                    receipts -> {},
                    new AccessMetrics(new SimpleMeterRegistry()));
    private final List<String> stale = new ArrayList<>();

    @AfterEach
    void close() {
        loop.finishAndReleaseAll();
    }

    @Test
    void onlyTheNewestPositionOfASessionGoesOut() {
        AckBatcher.Slot a = slot("a");
        AckBatcher.Slot b = slot("b");
        batcher.ack(a, at(1));
        batcher.ack(b, at(1));
        batcher.ack(a, at(2));
        pass(4);
        assertThat(inbox.ackBatches).isEmpty();
        pass(1);
        assertThat(positions()).containsExactly(List.of("a 2-0", "b 1-0"));
    }

    @Test
    void oneBatchAtATime() {
        AckBatcher.Slot a = slot("a");
        inbox.holdBack = true;
        batcher.ack(a, at(1));
        pass(5);
        batcher.ack(a, at(2));
        pass(100);
        inbox.answer();
        pass(10);
        assertThat(positions()).containsExactly(List.of("a 1-0"), List.of("a 2-0"));
    }

    @Test
    void keepsTryingWhileRedisIsAway() {
        AckBatcher.Slot a = slot("a");
        inbox.away = true;
        batcher.ack(a, at(1));
        pass(10_000);
        batcher.ack(a, at(2));
        pass(10_000);
        inbox.away = false;
        pass(5_000);
        assertThat(positions()).containsExactly(List.of("a 2-0"));
    }

    @Test
    void tellsASessionThatIsNotCurrent() {
        batcher.ack(slot("a"), at(1));
        pass(5);
        assertThat(stale).containsExactly("a");
    }

    @Test
    void runsATaskAfterTheLastAck() {
        AckBatcher.Slot a = slot("a");
        List<String> done = new ArrayList<>();
        batcher.whenFlushed(a, () -> done.add("idle"));
        batcher.ack(a, at(1));
        batcher.whenFlushed(a, () -> done.add("flushed"));
        assertThat(done).containsExactly("idle");
        pass(5);
        assertThat(done).containsExactly("idle", "flushed");
    }

    @Test
    void splitsLargeBatches() {
        for (int i = 0; i < 5_000; i++) {
            batcher.ack(slot("d" + i), at(1));
        }
        pass(20);
        assertThat(inbox.ackBatches).extracting(List::size).containsExactly(2_000, 2_000, 1_000);
    }

    private AckBatcher.Slot slot(String device) {
        return new AckBatcher.Slot(
                () -> stale.add(device), new DeviceKey("shop", device), new Route("n1", 1));
    }

    private static Position at(long millis) {
        return new Position(millis, 0);
    }

    private void pass(long millis) {
        for (long i = 0; i < millis; i += 5) {
            loop.advanceTimeBy(Math.min(5, millis), TimeUnit.MILLISECONDS);
            loop.runScheduledPendingTasks();
            loop.runPendingTasks();
        }
    }

    private List<List<String>> positions() {
        List<List<String>> all = new ArrayList<>();
        for (List<Ack> batch : inbox.ackBatches) {
            all.add(batch.stream().map(a -> a.device().device() + " " + a.upTo()).toList());
        }
        return all;
    }
}
