package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.testkit.ReplicatedRedis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A primary dies while its replica lags behind, under a steady stream of offers: who is told that a
 * message was taken must find it on the replica that took over.
 */
@Execution(ExecutionMode.CONCURRENT)
class FailoverTest {
    private static final int DEVICES = 40;
    private static final MailboxConfig CONFIG =
            new MailboxConfig(64, 10_000, MailboxConfig.defaults().backoff(), 0, 512);

    /** Where the successor was the only replica, it has none until the old primary is back. */
    @ParameterizedTest
    @EnumSource(ReplicatedRedis.Kind.class)
    void withReplicasDemandedNothingThatWasTakenIsLostDoubledOrOutOfOrder(ReplicatedRedis.Kind kind)
            throws Exception {
        boolean restart = kind == ReplicatedRedis.Kind.CLUSTER;
        Outcome outcome = failover(kind, CONFIG.withMinReplicas(1), restart);
        assertThat(outcome.takenWhileReplicaLagged()).isZero();
        assertThat(outcome.found()).isEqualTo(outcome.taken());
    }

    /**
     * The killed primary is back before the Sentinels have told the other replica of the new one,
     * empty, and may get that replica: only a demand on all replicas keeps from trusting it.
     */
    @Test
    void aPrimaryThatComesBackTooEarlyIsNotTrustedWhereAllReplicasAreDemanded() throws Exception {
        Outcome outcome = failover(ReplicatedRedis.Kind.SENTINEL, CONFIG.withMinReplicas(2), true);
        assertThat(outcome.takenWhileReplicaLagged()).isZero();
        assertThat(outcome.found()).isEqualTo(outcome.taken());
    }

    /** The same without: shows that the test above can see a loss. */
    @ParameterizedTest
    @EnumSource(ReplicatedRedis.Kind.class)
    void withoutThemTheNewestOnesAreLost(ReplicatedRedis.Kind kind) throws Exception {
        Outcome outcome = failover(kind, CONFIG, false);
        assertThat(outcome.takenWhileReplicaLagged()).isPositive();
        List<String> taken = all(outcome.taken());
        assertThat(taken).containsAll(all(outcome.found()));
        assertThat(taken.size() - all(outcome.found()).size()).isPositive();
    }

    @Test
    void whileNoReplicaAnswersNothingIsTakenAndNothingIsForgotten() throws Exception {
        try (ReplicatedRedis servers = ReplicatedRedis.start(ReplicatedRedis.Kind.SENTINEL);
                Stream stream = new Stream(servers, CONFIG.withMinReplicas(1))) {
            stream.awaitRounds(3);
            servers.freezeReplicas();
            int before = stream.rounds();
            pass(Duration.ofSeconds(2));
            assertThat(stream.rounds()).isLessThanOrEqualTo(before + 1);
            servers.thawReplicas();
            stream.awaitRounds(before + 5);
            assertThat(stream.stop()).isEqualTo(stream.inboxes());
        }
    }

    /**
     * @param taken the ids that were reported as taken, in order, by device
     * @param found the ids in the inboxes afterwards
     * @param takenWhileReplicaLagged rounds reported as taken that the replica can't have had
     */
    private record Outcome(
            Map<String, List<String>> taken,
            Map<String, List<String>> found,
            int takenWhileReplicaLagged) {}

    /**
     * @param restart whether the killed primary comes back as soon as there is another one
     */
    private static Outcome failover(
            ReplicatedRedis.Kind kind, MailboxConfig config, boolean restart) throws Exception {
        try (ReplicatedRedis servers = ReplicatedRedis.start(kind);
                Stream stream = new Stream(servers, config)) {
            stream.awaitRounds(10);
            servers.freezeReplicas();
            // One round may have been on its way to being confirmed at that moment.
            int before = stream.rounds() + 1;
            pass(Duration.ofMillis(400));
            servers.cutReplicas();
            pass(Duration.ofMillis(400));
            int lagged = Math.max(0, stream.rounds() - before);
            servers.primary().kill();
            servers.thawReplicas();
            servers.awaitTakeover();
            if (restart) {
                servers.primary().start();
            }
            stream.awaitRounds(stream.rounds() + 10);
            stream.awaitReadable();
            return new Outcome(stream.stop(), stream.inboxes(), lagged);
        }
    }

    private static void pass(Duration time) {
        await().pollDelay(time).until(() -> true);
    }

    private static List<String> all(Map<String, List<String>> byDevice) {
        return byDevice.values().stream().flatMap(List::stream).toList();
    }

    /** Offers to all devices, round after round, each until it is taken, as a purger does. */
    private static final class Stream implements AutoCloseable {
        private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

        private final RedisConnection redis;
        private final Mailbox mailbox;
        private final AtomicInteger rounds = new AtomicInteger();
        private final Thread thread = Thread.ofPlatform().unstarted(this::run);
        private volatile boolean stopped;

        Stream(ReplicatedRedis servers, MailboxConfig config) {
            redis = RedisConnection.open(servers.config());
            await().atMost(Duration.ofSeconds(15)).until(() -> redis.check().ok());
            mailbox = new Mailbox(redis, config, new SimpleMeterRegistry());
            thread.start();
        }

        int rounds() {
            return rounds.get();
        }

        void awaitRounds(int count) {
            await().atMost(Duration.ofSeconds(30)).until(() -> rounds.get() >= count);
        }

        /** Offers have connections of their own, and may be served before the others are. */
        void awaitReadable() {
            await().atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .until(() -> !inboxes().getOrDefault("d0", List.of()).isEmpty());
        }

        /** Ends after the round that is under way, and returns what was taken. */
        Map<String, List<String>> stop() throws InterruptedException {
            stopped = true;
            thread.join(Duration.ofSeconds(20));
            assertThat(thread.isAlive()).isFalse();
            Map<String, List<String>> taken = new TreeMap<>();
            for (int device = 0; device < DEVICES; device++) {
                taken.put("d" + device, ids(rounds.get()));
            }
            return taken;
        }

        private static List<String> ids(int rounds) {
            return IntStream.range(0, rounds)
                    .boxed()
                    .flatMap(r -> java.util.stream.Stream.of("m" + r + "a", "m" + r + "b"))
                    .toList();
        }

        Map<String, List<String>> inboxes()
                throws InterruptedException, ExecutionException, TimeoutException {
            Map<String, List<String>> found = new TreeMap<>();
            for (int device = 0; device < DEVICES; device++) {
                found.put("d" + device, inbox(new DeviceKey("app", "d" + device)));
            }
            return found;
        }

        private List<String> inbox(DeviceKey device)
                throws InterruptedException, ExecutionException, TimeoutException {
            List<String> ids = new ArrayList<>();
            Position after = Position.NONE;
            Page page;
            do {
                page =
                        mailbox.fetch(device, after, 256)
                                .toCompletableFuture()
                                .get(10, TimeUnit.SECONDS);
                for (Entry entry : page.entries()) {
                    ids.add(entry.message().id());
                    after = entry.position();
                }
            } while (page.more());
            return ids;
        }

        private void run() {
            while (!stopped) {
                offerUntilTaken(round(rounds.get()));
                rounds.incrementAndGet();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        private void offerUntilTaken(List<Offer> offers) {
            while (true) {
                try {
                    mailbox.offer(offers).toCompletableFuture().get();
                    return;
                } catch (ExecutionException e) {
                    LockSupport.parkNanos(5 * PAUSE_NANOS);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }

        private static List<Offer> round(int round) {
            List<Offer> offers = new ArrayList<>();
            for (String part : List.of("a", "b")) {
                for (int device = 0; device < DEVICES; device++) {
                    offers.add(offer("d" + device, "m" + round + part));
                }
            }
            return offers;
        }

        private static Offer offer(String device, String id) {
            long now = System.currentTimeMillis();
            Message message =
                    new Message(id, now, now + 3_600_000, false, false, "{}".getBytes(UTF_8));
            return new Offer(new DeviceKey("app", device), message, "0:" + id, Set.of(), null);
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            thread.join(Duration.ofSeconds(20));
            redis.close();
        }
    }
}
