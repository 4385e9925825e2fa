package io.pushgate.cli;

import io.pushgate.protocol.InvalidRequestException;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.kafka.TopicTail;
import io.pushgate.standalone.Errors;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Payloads of one app, taken at random from its newest requests.
 *
 * @param found how many payloads of the app there were to choose from
 * @param read how many requests were looked at
 */
record PayloadSamples(List<byte[]> payloads, long found, long read) {
    private static final int READ_PER_SAMPLE = 10;
    private static final Duration AT_MOST = Duration.ofMinutes(1);

    /**
     * Reads the topic's end; each payload there has the same chance (Vitter's Algorithm R, "Random
     * Sampling with a Reservoir", 1985).
     *
     * @throws CommandFailure if Kafka can't be read
     */
    static PayloadSamples take(KafkaConfig kafka, String app, int samples) throws CommandFailure {
        Reservoir reservoir = new Reservoir(samples);
        try {
            long read =
                    TopicTail.read(
                            kafka,
                            Topics.REQUESTS,
                            (long) samples * READ_PER_SAMPLE,
                            AT_MOST,
                            record -> reservoir.offer(payload(record.value(), app)));
            return new PayloadSamples(reservoir.kept, reservoir.seen, read);
        } catch (KafkaException e) {
            throw new CommandFailure(
                    "Kafka at " + kafka.bootstrapServers() + " can't be read: " + Errors.reason(e),
                    e);
        }
    }

    /** What it is that the request sends, or null if it is another app's, or none. */
    private static byte @Nullable [] payload(byte @Nullable [] value, String app) {
        if (value == null || value.length > PushRequestCodec.MAX_REQUEST_BYTES) {
            return null;
        }
        try {
            PushRequest request = PushRequestCodec.decode(value);
            return request.app().equals(app) ? request.data() : null;
        } catch (InvalidRequestException e) {
            return null;
        }
    }

    private static final class Reservoir {
        private final int size;
        private final Random random = new Random();
        private final List<byte[]> kept = new ArrayList<>();
        private long seen;

        Reservoir(int size) {
            this.size = size;
        }

        void offer(byte @Nullable [] payload) {
            if (payload == null) {
                return;
            }
            seen++;
            if (kept.size() < size) {
                kept.add(payload);
                return;
            }
            long place = random.nextLong(seen);
            if (place < size) {
                kept.set((int) place, payload);
            }
        }
    }
}
