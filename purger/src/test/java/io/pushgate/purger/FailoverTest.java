package io.pushgate.purger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.mailbox.MailboxConfig;
import io.pushgate.testkit.ReplicatedRedis;
import io.pushgate.testkit.ReplicatedRedis.Kind;
import io.pushgate.testkit.TestKafka;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A primary of Redis dies while its replicas lag behind, and the purger has committed what only it
 * had: what is in the inboxes once everything was handled?
 */
@Execution(ExecutionMode.CONCURRENT)
class FailoverTest {
    private static final int DEVICES = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource(Kind.class)
    void withReplicasDemandedNothingIsLost(Kind kind) throws Exception {
        // The successor of a cluster's primary has no replica itself until the old one is back.
        boolean restart = kind == Kind.CLUSTER;
        Outcome outcome = failover(kind, 1, Duration.ZERO, restart);
        assertThat(outcome.found()).isEqualTo(outcome.sent());
    }

    /**
     * The old primary is back, empty, before the Sentinels have told the other replica of the new
     * one: that one may confirm to it what nobody will have a moment later.
     */
    @Test
    void whatAPrimaryConfirmedThatCameBackTooEarlyIsOfferedAgain() throws Exception {
        Outcome outcome = failover(Kind.SENTINEL, 1, Duration.ofSeconds(10), true);
        assertThat(outcome.found()).isEqualTo(outcome.sent());
    }

    /** Offered again from Kafka, before anything newer is. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void withoutThemTheLastSecondsAreOfferedAgainInOrder(Kind kind) throws Exception {
        Outcome outcome = failover(kind, 0, Duration.ofSeconds(10), false);
        assertThat(outcome.found()).isEqualTo(outcome.sent());
    }

    /** With neither: shows that the tests above can see a loss. */
    @Test
    void withNeitherTheNewestAreLost() throws Exception {
        Outcome outcome = failover(Kind.SENTINEL, 0, Duration.ZERO, false);
        assertThat(outcome.found()).isNotEqualTo(outcome.sent());
        assertThat(outcome.sent().getFirst()).containsAll(outcome.found().getFirst());
    }

    /** The ids by device, in order. */
    private record Outcome(List<List<String>> sent, List<List<String>> found) {}

    private static Outcome failover(Kind kind, int minReplicas, Duration replay, boolean restart)
            throws Exception {
        PurgerConfig usual = Rig.CONFIG;
        PurgerConfig config =
                new PurgerConfig(
                        usual.group(),
                        20,
                        usual.maxInFlight(),
                        usual.maxUnacknowledged(),
                        usual.maxOffers(),
                        usual.retryFirst(),
                        usual.retryMost(),
                        replay,
                        usual.groupLogAbove(),
                        usual.expansion());
        MailboxConfig mailbox = MailboxConfig.defaults().withMinReplicas(minReplicas);
        try (ReplicatedRedis servers = ReplicatedRedis.start(kind);
                TestKafka kafka = TestKafka.start();
                Rig rig = new Rig(servers.uri(), kafka.bootstrapServers(), mailbox);
                Purger _ = rig.purger(config);
                Sender sender = new Sender(rig)) {
            await().atMost(PATIENCE).until(() -> rig.inbox("d0").size() > 20);
            servers.freezeReplicas();
            await().pollDelay(Duration.ofMillis(400)).until(() -> true);
            servers.cutReplicas();
            await().pollDelay(Duration.ofMillis(400)).until(() -> true);
            servers.primary().kill();
            servers.thawReplicas();
            servers.awaitTakeover();
            if (restart) {
                servers.primary().start();
            }
            int rounds = sender.stop();
            rig.sendAll(lasts(rig));
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> found(rig).stream().allMatch(ids -> ids.contains("last")));
            return new Outcome(sent(rounds), found(rig));
        }
    }

    private static List<String> lasts(Rig rig) {
        List<String> requests = new ArrayList<>();
        for (int device = 0; device < DEVICES; device++) {
            requests.add(rig.toDevice("last", "d" + device));
        }
        return requests;
    }

    private static List<List<String>> sent(int rounds) {
        List<String> ids = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            ids.add("m" + round);
        }
        ids.add("last");
        List<List<String>> sent = new ArrayList<>();
        for (int device = 0; device < DEVICES; device++) {
            sent.add(ids);
        }
        return sent;
    }

    private static List<List<String>> found(Rig rig) throws Exception {
        List<List<String>> found = new ArrayList<>();
        for (int device = 0; device < DEVICES; device++) {
            found.add(rig.inbox("d" + device));
        }
        return found;
    }

    /** Sends to each device in turn, fifty rounds a second at most, until it is stopped. */
    private static final class Sender implements AutoCloseable {
        private static final long PAUSE_NANOS = 20_000_000;

        private final Rig rig;
        private final Thread thread = Thread.ofPlatform().unstarted(this::run);
        private volatile boolean stopped;
        private volatile int rounds;

        Sender(Rig rig) {
            this.rig = rig;
            thread.start();
        }

        /** Returns how many rounds there were. */
        int stop() throws InterruptedException {
            stopped = true;
            thread.join();
            return rounds;
        }

        private void run() {
            for (int round = 0; !stopped; round++) {
                List<String> requests = new ArrayList<>();
                for (int device = 0; device < DEVICES; device++) {
                    requests.add(rig.toDevice("m" + round, "d" + device));
                }
                rig.sendAll(requests);
                rounds = round + 1;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        @Override
        public void close() throws InterruptedException {
            stop();
        }
    }
}
