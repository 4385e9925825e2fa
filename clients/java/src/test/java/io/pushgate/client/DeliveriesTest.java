package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

class DeliveriesTest {
    private static final long DAY = 24 * 3600 * 1000;

    private final MessageStore store = MessageStore.inMemory(100);
    private final List<String> handed = new ArrayList<>();
    private final List<PushMessage> messages = new ArrayList<>();
    private final List<Position> acks = new ArrayList<>();
    private final List<String> lastAtAck = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();

    /** What the callbacks' thread and the event loop are still to do. */
    private final Deque<Runnable> callbackThread = new ArrayDeque<>();

    private final Deque<Runnable> loop = new ArrayDeque<>();
    private final List<String> recalled = new ArrayList<>();
    private String poison = "";
    private int open;

    private final Deliveries.Sink sink =
            new Deliveries.Sink() {
                @Override
                public void ack(Position upTo) {
                    acks.add(upTo);
                    lastAtAck.add(String.valueOf(store.lastId()));
                }

                @Override
                public void open(int count) {
                    open = count;
                }

                @Override
                public void failed(String messageId) {
                    failures.add(messageId);
                }

                @Override
                public void error(Throwable error) {
                    errors.add(error);
                }
            };

    @Test
    void handsOnInOrderRemembersThenAcks() {
        Deliveries deliveries = inPlace(AckMode.AUTO, store);
        deliveries.receive(push(1, "a"));
        deliveries.receive(push(2, "b"));
        assertThat(handed).containsExactly("a", "b");
        assertThat(acks).containsExactly(at(1), at(2));
        assertThat(lastAtAck).containsExactly("a", "b");
        assertThat(open).isZero();
    }

    @Test
    void dropsRepeatsByPositionAndAcksThemAgain() {
        Deliveries deliveries = inPlace(AckMode.AUTO, store);
        deliveries.receive(push(5, "a"));
        deliveries.receive(push(9, "b"));
        acks.clear();
        deliveries.receive(push(5, "a"));
        deliveries.receive(push(7, "late"));
        assertThat(handed).containsExactly("a", "b");
        assertThat(acks).containsExactly(at(9), at(9));
    }

    @Test
    void dropsIdsTheStoreKnowsAndAcksThem() {
        store.remember("a", at(4));
        Deliveries deliveries = inPlace(AckMode.AUTO, store);
        deliveries.receive(push(4, "a"));
        deliveries.receive(push(5, "b"));
        assertThat(handed).containsExactly("b");
        assertThat(acks).containsExactly(at(4), at(5));
        assertThat(store.lastId()).isEqualTo("b");
    }

    @Test
    void dropsAMessageThatRedisLostAndTookAgain() {
        Deliveries deliveries = inPlace(AckMode.AUTO, store);
        deliveries.receive(push(4, "a"));
        deliveries.receive(push(9, "a"));
        assertThat(handed).containsExactly("a");
        assertThat(acks).endsWith(at(9));
    }

    @Test
    void anIdUsedAgainAfterADayIsAnotherMessage() {
        store.remember("daily", at(4));
        Deliveries deliveries = inPlace(AckMode.AUTO, store);
        deliveries.receive(push(4 + DAY - 1, "daily"));
        assertThat(handed).isEmpty();
        deliveries.receive(push(4 + DAY, "daily"));
        assertThat(handed).containsExactly("daily");
    }

    @Test
    void aRepeatOfWhatTheAppStillWorksOnIsNotAcked() {
        Deliveries deliveries = queued(AckMode.AUTO);
        deliveries.receive(push(1, "a"));
        deliveries.receive(push(1, "a"));
        assertThat(acks).isEmpty();
        assertThat(open).isEqualTo(1);
        run(callbackThread);
        run(loop);
        assertThat(handed).containsExactly("a");
        assertThat(acks).containsExactly(at(1));
        assertThat(open).isZero();
    }

    @Test
    void aCallbackThatThrowsHoldsBackAllThatFollows() {
        poison = "b";
        Deliveries deliveries = inPlace(AckMode.AUTO, store);
        deliveries.receive(push(1, "a"));
        deliveries.receive(push(2, "b"));
        assertThat(failures).containsExactly("b");
        assertThat(errors).singleElement().asString().contains("poisoned by b");
        assertThat(acks).containsExactly(at(1));
        poison = "";
        // The next connection brings it again.
        deliveries.receive(push(2, "b"));
        deliveries.receive(push(3, "c"));
        assertThat(handed).containsExactly("a", "b", "c");
        assertThat(acks).containsExactly(at(1), at(2), at(3));
        assertThat(open).isZero();
    }

    @Test
    void whatIsQueuedBehindAFailureIsNotHandedOn() {
        poison = "b";
        Deliveries deliveries = queued(AckMode.AUTO);
        deliveries.receive(push(1, "a"));
        deliveries.receive(push(2, "b"));
        deliveries.receive(push(3, "c"));
        run(callbackThread);
        // The event loop has not heard of it yet and reads on.
        deliveries.receive(push(4, "d"));
        run(callbackThread);
        run(loop);
        assertThat(handed).containsExactly("a");
        assertThat(failures).containsExactly("b");
        assertThat(open).isZero();
        poison = "";
        for (int i = 2; i <= 4; i++) {
            deliveries.receive(push(i, List.of("b", "c", "d").get(i - 2)));
        }
        run(callbackThread);
        run(loop);
        assertThat(handed).containsExactly("a", "b", "c", "d");
        assertThat(acks).endsWith(at(4));
    }

    @Test
    void whatIsTakenBackBeforeItIsHandedOnIsDroppedAndAcked() {
        for (AckMode mode : AckMode.values()) {
            handed.clear();
            Deliveries deliveries = queued(mode);
            deliveries.receive(push(1, "a"));
            deliveries.recall(new ServerFrame.Recall(at(1), "a", null));
            deliveries.recall(new ServerFrame.Recall(at(9), "never-came", null));
            run(callbackThread);
            run(loop);
            assertThat(handed).isEmpty();
            assertThat(recalled).isEmpty();
            assertThat(acks).endsWith(at(1));
            assertThat(open).isZero();
        }
    }

    @Test
    void theAppIsToldOfWhatIsTakenBackAfterIt() {
        Deliveries deliveries = queued(AckMode.AUTO);
        deliveries.receive(push(1, "a"));
        run(callbackThread);
        deliveries.recall(new ServerFrame.Recall(at(1), "a", null));
        run(callbackThread);
        run(loop);
        deliveries.recall(new ServerFrame.Recall(at(1), "a", null));
        run(callbackThread);
        assertThat(handed).containsExactly("a");
        assertThat(recalled).containsExactly("a", "a");
        assertThat(acks).containsExactly(at(1));
    }

    @Test
    void countsWhatIsOpenSoThatTheClientCanStopReading() {
        Deliveries deliveries = queued(AckMode.AUTO);
        for (int i = 1; i <= 40; i++) {
            deliveries.receive(push(i, "m-" + i));
        }
        assertThat(open).isEqualTo(40);
        run(callbackThread);
        run(loop);
        assertThat(open).isZero();
    }

    @Test
    void nothingIsHandedOnOnceStopped() {
        Deliveries deliveries = queued(AckMode.AUTO);
        deliveries.receive(push(1, "a"));
        deliveries.stop();
        run(callbackThread);
        run(loop);
        assertThat(handed).isEmpty();
        assertThat(acks).isEmpty();
    }

    @Test
    void aStoreThatCannotWriteIsReportedAndDoesNotHoldUpTheAck() {
        MessageStore broken =
                new MessageStore() {
                    @Override
                    public Position find(String id) {
                        return at(Long.MAX_VALUE / 2);
                    }

                    @Override
                    public void remember(String id, Position position) {
                        throw new UncheckedIOException(new IOException("disk full"));
                    }

                    @Override
                    public void remember(String log, String id, Position position) {
                        remember(id, position);
                    }

                    @Override
                    public void moveCursor(String log, Position position) {
                        throw new UncheckedIOException(new IOException("disk full"));
                    }

                    @Override
                    public Map<String, Position> cursors() {
                        return Map.of();
                    }

                    @Override
                    public String lastId() {
                        return "x";
                    }
                };
        inPlace(AckMode.AUTO, broken).receive(push(1, "a"));
        assertThat(handed).containsExactly("a");
        assertThat(acks).containsExactly(at(1));
        assertThat(errors).hasSize(1);
    }

    @Test
    void manualAcksAreCumulativeAndRememberedFirst() {
        Deliveries deliveries = inPlace(AckMode.MANUAL, store);
        deliveries.receive(push(1, "a"));
        deliveries.receive(push(2, "b"));
        deliveries.receive(push(3, "c"));
        assertThat(acks).isEmpty();
        assertThat(store.lastId()).isNull();
        messages.get(1).ack();
        assertThat(acks).containsExactly(at(2));
        assertThat(store.lastId()).isEqualTo("b");
        assertThat(open).isEqualTo(1);
        messages.get(0).ack();
        messages.get(1).ack();
        assertThat(acks).containsExactly(at(2));
        messages.get(2).ack();
        assertThat(acks).containsExactly(at(2), at(3));
        assertThat(open).isZero();
    }

    @Test
    void manualModeDoesNotHandOnAgainWhatTheAppHolds() {
        Deliveries deliveries = inPlace(AckMode.MANUAL, store);
        deliveries.receive(push(1, "a"));
        deliveries.receive(push(1, "a"));
        assertThat(handed).containsExactly("a");
        assertThat(acks).isEmpty();
    }

    @Test
    void aKnownMessageDoesNotAckAnUnackedOneBeforeIt() {
        store.remember("b", at(2));
        Deliveries deliveries = inPlace(AckMode.MANUAL, store);
        deliveries.receive(push(1, "a"));
        deliveries.receive(push(2, "b"));
        assertThat(handed).containsExactly("a");
        assertThat(acks).isEmpty();
        messages.get(0).ack();
        assertThat(acks).containsExactly(at(2));
        assertThat(open).isZero();
    }

    @Test
    void aManualAckBeforeTheCallbackThrowsCounts() {
        Deliveries deliveries = deliveries(AckMode.MANUAL, store, null, Runnable::run, true);
        poison = "a";
        deliveries.receive(push(1, "a"));
        assertThat(acks).containsExactly(at(1));
        assertThat(store.lastId()).isEqualTo("a");
        assertThat(open).isZero();
        assertThat(failures).containsExactly("a");
        deliveries.receive(push(2, "b"));
        assertThat(acks).containsExactly(at(1), at(2));
        assertThat(open).isZero();
    }

    private Deliveries inPlace(AckMode mode, MessageStore withStore) {
        return deliveries(mode, withStore, null, Runnable::run, false);
    }

    private Deliveries queued(AckMode mode) {
        return deliveries(mode, store, callbackThread::add, loop::add, false);
    }

    private Deliveries deliveries(
            AckMode mode,
            MessageStore withStore,
            @Nullable Executor executor,
            Executor loopExecutor,
            boolean ackAtOnce) {
        PushgateListener listener =
                new PushgateListener() {
                    @Override
                    public void onMessage(PushMessage message) {
                        messages.add(message);
                        if (ackAtOnce) {
                            message.ack();
                        }
                        if (message.id().equals(poison)) {
                            throw new IllegalStateException("poisoned by " + message.id());
                        }
                        handed.add(message.id());
                    }

                    @Override
                    public void onRecall(String messageId) {
                        recalled.add(messageId);
                    }
                };
        Callbacks callbacks = new Callbacks(executor, () -> {});
        return new Deliveries(null, withStore, listener, mode, callbacks, loopExecutor, sink);
    }

    private static void run(Deque<Runnable> thread) {
        for (Runnable task = thread.poll(); task != null; task = thread.poll()) {
            task.run();
        }
    }

    private static Position at(long millis) {
        return new Position(millis, 0);
    }

    private static ServerFrame.Push push(long millis, String id) {
        return new ServerFrame.Push(at(millis), id, millis, "{}", false, null);
    }
}
