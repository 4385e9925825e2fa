package io.pushgate.delayer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.Schedule;
import io.pushgate.mailbox.ScheduledRequest;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * Hands requests whose time has come back to the purgers, by the topic that each came by. They are
 * forgotten once Kafka has them; a delayer that dies before that leaves them to be taken again
 * {@link #AGAIN} later, and the mailbox knows a repeat by its origin.
 */
final class DueRequests {
    /** After how long a request that was taken and not forgotten is taken again. */
    static final Duration AGAIN = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(DueRequests.class);

    private final Schedule schedule;
    private final KafkaPublisher kafka;
    private final int limit;
    private final Counter published;
    private final Counter failed;

    /**
     * @param limit requests taken from a shard at once
     */
    DueRequests(Schedule schedule, KafkaPublisher kafka, int limit, MeterRegistry registry) {
        this.schedule = schedule;
        this.kafka = kafka;
        this.limit = limit;
        this.published = Meters.counter(registry, DelayerMeters.DUE, "result", "published");
        this.failed = Meters.counter(registry, DelayerMeters.DUE, "result", "failed");
    }

    /** Hands on what is due in the shard, some of it if there is much. */
    void publish(int shard) throws InterruptedException, ExecutionException {
        List<ScheduledRequest> due = schedule.take(shard, limit, AGAIN).toCompletableFuture().get();
        List<CompletionStage<?>> sends = new ArrayList<>(due.size());
        for (ScheduledRequest request : due) {
            sends.add(send(request));
        }
        List<ScheduledRequest> inKafka = new ArrayList<>(due.size());
        for (int i = 0; i < due.size(); i++) {
            try {
                sends.get(i).toCompletableFuture().get();
                inKafka.add(due.get(i));
            } catch (ExecutionException e) {
                failed.increment();
                log.debug("{} not handed on, taken again later", due.get(i).id(), e);
            }
        }
        if (!inKafka.isEmpty()) {
            published.increment(inKafka.size());
            schedule.remove(shard, inKafka).toCompletableFuture().get();
        }
    }

    private CompletionStage<?> send(ScheduledRequest request) {
        return kafka.send(
                Topics.topicOf(request.origin()),
                (request.app() + "/" + request.id()).getBytes(UTF_8),
                request.request(),
                List.of(new RecordHeader(Topics.DUE_HEADER, request.origin().getBytes(UTF_8))));
    }
}
