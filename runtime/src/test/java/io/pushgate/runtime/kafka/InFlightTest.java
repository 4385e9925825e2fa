package io.pushgate.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import java.util.Optional;

class InFlightTest {
    private final InFlight inFlight = new InFlight(8, 1_000);

    @Test
    void pausesAboveHalfAndResumesAtAQuarterOfTheRecords() {
        for (int i = 0; i < 4; i++) {
            inFlight.add(record(1));
        }
        assertThat(inFlight.isHigh()).isFalse();
        inFlight.add(record(1));
        assertThat(inFlight.isHigh()).isTrue();

        for (int i = 0; i < 2; i++) {
            inFlight.remove(record(1));
        }
        assertThat(inFlight.isHigh()).isFalse();
        assertThat(inFlight.isLow()).isFalse();
        inFlight.remove(record(1));
        assertThat(inFlight.isLow()).isTrue();
    }

    @Test
    void pausesForBytesToo() {
        inFlight.add(record(501));
        assertThat(inFlight.isHigh()).isTrue();
        assertThat(inFlight.isLow()).isFalse();
        inFlight.remove(record(501));
        assertThat(inFlight.bytes()).isZero();
        assertThat(inFlight.isLow()).isTrue();
    }

    private static ConsumerRecord<byte[], byte[]> record(int valueSize) {
        return new ConsumerRecord<>(
                "t",
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                -1,
                valueSize,
                null,
                new byte[valueSize],
                new RecordHeaders(),
                Optional.empty());
    }
}
