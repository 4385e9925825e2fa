package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.runtime.kafka.Rig.Member;
import io.pushgate.runtime.telemetry.RuntimeMeters;
import io.pushgate.testkit.TestKafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

/** A handler that has the last seconds read again, on real Kafka. */
class RewindTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Rig rig;

    @BeforeEach
    void setUp() {
        rig = new Rig(TestKafka.shared().config(1), 1);
    }

    @AfterEach
    void tearDown() {
        rig.close();
    }

    @Test
    void readsAgainWhatWasCommittedAndThenGoesOnInOrder() {
        Rewinding handler = new Rewinding(100, Duration.ofSeconds(10));
        Member member = rig.start(handler);
        rig.publish(0, 100);
        awaitCommitted(100);

        rig.publish(0, 10);

        awaitCommitted(110);
        assertThat(handler.after).containsExactlyElementsOf(range(0, 110));
        assertThat(member.count(RuntimeMeters.CONSUMER_REWINDS)).isEqualTo(1);
        assertThat(member.gauge(RuntimeMeters.CONSUMER_IN_FLIGHT)).isZero();
        assertThat(member.count(RuntimeMeters.CONSUMER_RECORDS))
                .isEqualTo(
                        member.count(RuntimeMeters.CONSUMER_COMPLETED)
                                + member.count(RuntimeMeters.CONSUMER_DROPPED));
    }

    @Test
    void goesBackNoFurtherThanAskedFor() {
        Rewinding handler = new Rewinding(100, Duration.ofSeconds(1));
        rig.start(handler);
        rig.publish(0, 100);
        awaitCommitted(100);
        // Positions are remembered to the second.
        await().pollDelay(Duration.ofMillis(3_500)).atMost(PATIENCE).until(() -> true);

        rig.publish(0, 10);

        awaitCommitted(110);
        assertThat(handler.after).containsExactlyElementsOf(range(100, 110));
    }

    @Test
    void neverSkipsWhatIsNotComplete() {
        Rewinding handler = new Rewinding(100, Duration.ZERO);
        handler.incomplete = 42;
        rig.start(handler);
        rig.publish(0, 100);
        awaitCommitted(42);
        await().atMost(PATIENCE).until(() -> handler.before.size() == 100);

        rig.publish(0, 10);

        awaitCommitted(110);
        // Or a little earlier, as positions are remembered to the second.
        assertThat(handler.after.getFirst()).isLessThanOrEqualTo(42);
        assertThat(handler.after)
                .containsExactlyElementsOf(range(handler.after.getFirst().intValue(), 110));
    }

    /** It may be killed before it has handled anything again. */
    @Test
    void theNextOwnerBeginsWhereItWentBackTo() {
        Rewinding handler = new Rewinding(100, Duration.ofSeconds(10));
        handler.stuckAfter = true;
        Member member = rig.start(handler);
        rig.publish(0, 110);
        await().atMost(PATIENCE).until(() -> member.count(RuntimeMeters.CONSUMER_REWINDS) == 1);
        assertThat(rig.committed(0)).isZero();
        member.loop().close();

        Rig.Collector next = new Rig.Collector();
        rig.start(next);
        await().atMost(PATIENCE).until(() -> next.records.size() == 110);
        assertThat(next.offsets()).containsExactlyElementsOf(range(0, 110));
    }

    @Test
    void anIdleLoopReadsAgainWhenItIsAskedTo() {
        Rewinding handler = new Rewinding(Long.MAX_VALUE, Duration.ZERO);
        Member member = rig.start(handler);
        rig.publish(0, 100);
        awaitCommitted(100);

        member.loop().rewindSoon(Duration.ofSeconds(10));

        await().atMost(PATIENCE).until(() -> handler.before.size() == 200);
        awaitCommitted(100);
        assertThat(handler.before.subList(100, 200)).containsExactlyElementsOf(range(0, 100));
        assertThat(member.count(RuntimeMeters.CONSUMER_REWINDS)).isEqualTo(1);
    }

    private void awaitCommitted(long offset) {
        await().atMost(PATIENCE).until(() -> rig.committed(0) == offset);
    }

    private static List<Long> range(int from, int to) {
        return LongStream.range(from, to).boxed().toList();
    }

    /** Completes what it is given; goes back once, when it first sees a certain offset. */
    private static final class Rewinding implements BatchHandler {
        final List<Long> before = new CopyOnWriteArrayList<>();
        final List<Long> after = new CopyOnWriteArrayList<>();
        volatile long incomplete = -1;
        volatile boolean stuckAfter;
        private final long at;
        private final Duration back;
        private boolean rewound;

        Rewinding(long at, Duration back) {
            this.at = at;
            this.back = back;
        }

        @Override
        public void handle(List<ConsumerRecord<byte[], byte[]>> batch, Completions done) {
            for (ConsumerRecord<byte[], byte[]> record : batch) {
                if (!rewound && record.offset() >= at) {
                    rewound = true;
                    throw new RewindException(back, new IllegalStateException("lost"));
                }
                (rewound ? after : before).add(record.offset());
                if (rewound ? !stuckAfter : record.offset() != incomplete) {
                    done.complete(record);
                }
            }
        }
    }
}
