package io.pushgate.purger;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Target;
import io.pushgate.protocol.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Set;

class ScheduleStepTest {
    private static final long NOW = 1_763_712_345_678L;

    @Test
    void thirtyDaysAreAllowedAndNoMore() {
        long most = NOW + Duration.ofDays(30).toMillis();
        assertThat(ScheduleStep.refusal(request(most), NOW)).isNull();
        assertThat(ScheduleStep.refusal(request(most + 1), NOW))
                .isEqualTo(
                        "deliverAt must be at most 30 days ahead, so now at most %d, not %d"
                                .formatted(most, most + 1));
        assertThat(ScheduleStep.refusal(request(0), NOW)).isNull();
    }

    @Test
    void waitsOnlyForATimeThatIsToCome() {
        ConsumerRecord<byte[], byte[]> record = record(null);
        assertThat(ScheduleStep.isEarly(valid(record, NOW + 1), NOW)).isTrue();
        assertThat(ScheduleStep.isEarly(valid(record, NOW), NOW)).isFalse();
        assertThat(ScheduleStep.isEarly(valid(record, 0), NOW)).isFalse();
        assertThat(ScheduleStep.isEarly(valid(record("0:7"), NOW + 1), NOW)).isFalse();
    }

    @Test
    void aRequestKeepsTheOriginItCameWithAtFirst() {
        assertThat(ScheduleStep.originOf(record(null))).isEqualTo("3:42");
        assertThat(ScheduleStep.originOf(record("0:7"))).isEqualTo("0:7");
        assertThat(ScheduleStep.originOf(record("bulk:0:7"))).isEqualTo("bulk:0:7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "a:b", "0:7|", "0:7 x", "-1:7", ":0:7"})
    void anotherHeaderOfThatNameCountsForNothing(String header) {
        assertThat(ScheduleStep.isDue(record(header))).isFalse();
        assertThat(ScheduleStep.originOf(record(header))).isEqualTo("3:42");
    }

    private static Intake.Valid valid(ConsumerRecord<byte[], byte[]> record, long deliverAt) {
        return new Intake.Valid(record, request(deliverAt));
    }

    private static PushRequest request(long deliverAt) {
        Target to = new Target.Device("pos-7", Set.of());
        return PushRequest.of("m1", "shop", to, "1".getBytes(UTF_8)).withDeliverAt(deliverAt);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            @org.jspecify.annotations.Nullable String due) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(Topics.REQUESTS, 3, 42, new byte[0], new byte[0]);
        if (due != null) {
            record.headers().add(Topics.DUE_HEADER, due.getBytes(UTF_8));
        }
        return record;
    }
}
