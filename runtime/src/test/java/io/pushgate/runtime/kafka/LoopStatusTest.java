package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class LoopStatusTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
    private final LoopStatus status = new LoopStatus("t", nanos::get);

    @Test
    void isReadyOnceKafkaAnswered() {
        assertThat(status.check().detail()).isEqualTo("not started yet");
        status.enter(LoopStatus.Phase.RUNNING);
        assertThat(status.check().detail()).isEqualTo("Kafka has not answered yet");
        status.answered();
        assertThat(status.check().ok()).isTrue();
        status.enter(LoopStatus.Phase.STOPPED);
        assertThat(status.check().ok()).isFalse();
    }

    @Test
    void silenceShowsAndEnds() {
        run();
        pass(Duration.ofSeconds(8));
        assertThat(status.check().ok()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(status.check().ok()).isFalse();
        assertThat(status.check().detail()).isEqualTo("Kafka has not answered for 9 s");
        status.answered();
        assertThat(status.check().ok()).isTrue();
    }

    @Test
    void commitsThatDoNotGetThroughShow() {
        run();
        status.uncommitted(true);
        pass(Duration.ofSeconds(5));
        status.uncommitted(true);
        pass(Duration.ofSeconds(5));
        status.answered();
        assertThat(status.check().detail()).isEqualTo("no commit succeeded for 10 s");
        status.uncommitted(false);
        assertThat(status.check().ok()).isTrue();
    }

    @Test
    void aRefusalShowsWithItsReasonUntilItIsOver() {
        run();
        status.failed(new KafkaException("wrapped", new TopicAuthorizationException("not yours")));
        assertThat(status.check().ok()).isFalse();
        assertThat(status.check().detail()).isEqualTo("TopicAuthorizationException: not yours");
        status.recovered();
        assertThat(status.check().ok()).isTrue();

        status.problem("topic t does not exist");
        assertThat(status.check().detail()).isEqualTo("topic t does not exist");
        status.problem(null);
        assertThat(status.check().ok()).isTrue();
    }

    private void run() {
        status.enter(LoopStatus.Phase.RUNNING);
        status.answered();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
