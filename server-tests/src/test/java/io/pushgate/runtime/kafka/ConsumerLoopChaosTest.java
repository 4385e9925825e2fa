package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.runtime.kafka.Rig.Member;
import io.pushgate.runtime.kafka.Rig.Seen;
import io.pushgate.testkit.Seeds;
import io.pushgate.testkit.TestKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Members that come, drain and go while records complete late and in any order. */
class ConsumerLoopChaosTest {
    private static final int PARTITIONS = 4;
    private static final int PER_PARTITION = 2_000;

    private final Random random = Seeds.random();
    private final Set<Seen> complete = ConcurrentHashMap.newKeySet();

    /** Commits seen to run ahead of completion. */
    private final Set<String> premature = ConcurrentHashMap.newKeySet();

    @Test
    void nothingIsEverCommittedThatIsNotComplete() throws Exception {
        ScheduledExecutorService later = Executors.newScheduledThreadPool(2);
        try (Rig rig = new Rig(TestKafka.shared().config(PARTITIONS), PARTITIONS)) {
            List<Member> members = new ArrayList<>();
            members.add(rig.start(handler(later)));
            for (int round = 0; round < 8; round++) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    rig.publish(partition, PER_PARTITION / 8);
                }
                members.add(rig.start(handler(later)));
                int before = complete.size();
                await().atMost(Rig.PATIENCE).until(() -> complete.size() > before);
                check(rig);
                if (members.size() > 2) {
                    Member leaving = members.remove(random.nextInt(members.size()));
                    if (random.nextBoolean()) {
                        boolean _ = leaving.drain(Duration.ofSeconds(1));
                    }
                    leaving.loop().close();
                    check(rig);
                }
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> {
                                check(rig);
                                return committed(rig) == (long) PARTITIONS * PER_PARTITION;
                            });
            assertThat(complete).hasSize(PARTITIONS * PER_PARTITION);
            assertThat(premature).isEmpty();
        } finally {
            later.shutdownNow();
        }
    }

    private BatchHandler handler(ScheduledExecutorService later) {
        return (batch, done) -> {
            for (ConsumerRecord<byte[], byte[]> record : batch) {
                long delay;
                synchronized (random) {
                    delay = random.nextInt(50) == 0 ? random.nextInt(300) : random.nextInt(10);
                }
                var _ =
                        later.schedule(
                                () -> {
                                    complete.add(Seen.of(record));
                                    done.complete(record);
                                },
                                delay,
                                TimeUnit.MILLISECONDS);
            }
        };
    }

    private void check(Rig rig) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            long committed = rig.committed(partition);
            for (long offset = 0; offset < committed; offset++) {
                if (!complete.contains(new Seen(partition, offset))) {
                    premature.add("partition " + partition + " offset " + offset);
                }
            }
        }
    }

    private static long committed(Rig rig) {
        long sum = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            sum += rig.committed(partition);
        }
        return sum;
    }
}
