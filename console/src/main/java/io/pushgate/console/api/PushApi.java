package io.pushgate.console.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.console.ConsoleMeters;
import io.pushgate.console.http.Answer;
import io.pushgate.console.http.Call;
import io.pushgate.console.http.Problem;
import io.pushgate.console.http.ProblemType;
import io.pushgate.console.http.Replies;
import io.pushgate.mailbox.ApiKey;
import io.pushgate.mailbox.MessageIndex;
import io.pushgate.protocol.InvalidRequestException;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Target;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code POST /v1/push}: to Kafka, as they came; answered when Kafka has them. What becomes of them
 * from there is the purger's.
 */
final class PushApi {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final KafkaPublisher kafka;
    private final PushLimits limits;
    private final MessageIndex index;
    private final Duration patience;
    private final Ticker ticker;
    private final MeterRegistry registry;

    /**
     * @param patience how long Kafka may take
     */
    PushApi(
            KafkaPublisher kafka,
            PushLimits limits,
            MessageIndex index,
            Duration patience,
            Ticker ticker,
            MeterRegistry registry) {
        this.kafka = kafka;
        this.limits = limits;
        this.index = index;
        this.patience = patience;
        this.ticker = ticker;
        this.registry = registry;
    }

    /** What came of one request of a list, or of the only one. */
    record Result(
            @Nullable String id,
            @Nullable String app,
            String status,
            @Nullable Integer partition,
            @Nullable Long offset,
            @Nullable String type,
            @Nullable String detail) {
        static Result accepted(PushRequest request, int partition, long offset) {
            return new Result(
                    request.id(), request.app(), "accepted", partition, offset, null, null);
        }

        static Result refused(@Nullable String id, @Nullable String app, Problem why) {
            String status = why.type().status() < 500 ? "rejected" : "unknown";
            return new Result(id, app, status, null, null, why.type().uri(), why.detail());
        }
    }

    private record Results(long accepted, List<Result> results) {}

    /** A request on its way, or why it is not. */
    private sealed interface Item {
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Sent(PushRequest request, byte[] raw) implements Item {}

        record Refused(@Nullable String id, @Nullable String app, Problem why) implements Item {}
    }

    Answer push(Call call) throws Problem, InterruptedException {
        if (!PushBodies.isList(call.body())) {
            return one(call.caller(), call.body());
        }
        List<Item> items = new ArrayList<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (byte[] element : PushBodies.split(call.body())) {
            Item item = read(call.caller(), element);
            items.add(item);
            if (item instanceof Item.Sent sent) {
                counts.merge(sent.request.app(), 1, Integer::sum);
            }
        }
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            limits.take(count.getKey(), count.getValue());
        }
        List<Result> results = publish(items);
        long accepted = results.stream().filter(r -> r.status().equals("accepted")).count();
        return Answer.json(202, new Results(accepted, results));
    }

    private Answer one(ApiKey caller, byte[] body) throws Problem, InterruptedException {
        switch (read(caller, body)) {
            case Item.Refused refused -> {
                count("rejected");
                throw refused.id == null ? refused.why : refused.why.member("id", refused.id);
            }
            case Item.Sent sent -> {
                limits.take(sent.request.app(), 1);
                Result result = publish(List.of(sent)).getFirst();
                if (result.type() != null) {
                    throw notAcknowledged().member("id", sent.request.id()).retryAfter(RETRY_AFTER);
                }
                return Answer.json(202, result);
            }
        }
    }

    private static Item read(ApiKey caller, byte[] json) {
        try {
            PushRequest request = PushRequestCodec.decode(json);
            return caller.mayUse(request.app())
                    ? new Item.Sent(request, json)
                    : new Item.Refused(
                            request.id(),
                            request.app(),
                            new Problem(ProblemType.FORBIDDEN, "the key is for another app"));
        } catch (InvalidRequestException e) {
            return new Item.Refused(
                    e.id(),
                    e.app(),
                    new Problem(ProblemType.INVALID_REQUEST, String.valueOf(e.getMessage())));
        }
    }

    /** All at once; the answers in the order of the items. */
    private List<Result> publish(List<Item> items) throws InterruptedException {
        List<@Nullable CompletionStage<RecordMetadata>> sends = new ArrayList<>();
        for (Item item : items) {
            sends.add(
                    item instanceof Item.Sent sent
                            ? kafka.send(
                                    Topics.requests(sent.request.priority()),
                                    key(sent.request),
                                    sent.raw,
                                    List.of())
                            : null);
        }
        Deadline deadline = Deadline.in(patience, ticker);
        List<Result> results = new ArrayList<>();
        List<CompletionStage<Void>> indexing = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            CompletionStage<RecordMetadata> send = sends.get(i);
            switch (items.get(i)) {
                case Item.Refused refused -> {
                    count("rejected");
                    results.add(Result.refused(refused.id, refused.app, refused.why));
                }
                case Item.Sent sent -> {
                    RecordMetadata metadata = send == null ? null : answer(send, deadline);
                    results.add(result(sent.request, metadata));
                    if (metadata != null) {
                        indexing.add(index.requested(requested(sent.request, metadata)));
                    }
                }
            }
        }
        for (CompletionStage<Void> write : indexing) {
            indexed(write);
        }
        return results;
    }

    private Result result(PushRequest request, @Nullable RecordMetadata metadata) {
        if (metadata == null) {
            count("unacknowledged");
            return Result.refused(request.id(), request.app(), notAcknowledged());
        }
        count("accepted");
        return Result.accepted(request, metadata.partition(), metadata.offset());
    }

    private static @Nullable RecordMetadata answer(
            CompletionStage<RecordMetadata> send, Deadline deadline) throws InterruptedException {
        try {
            return send.toCompletableFuture().get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }

    private static MessageIndex.Requested requested(PushRequest request, RecordMetadata metadata) {
        byte[] nothing = "null".getBytes(StandardCharsets.UTF_8);
        return new MessageIndex.Requested(
                metadata.partition(),
                metadata.offset(),
                metadata.timestamp(),
                request.withData(nothing));
    }

    /** Only so that questions about the message can be answered better: the push is safe. */
    private void indexed(CompletionStage<Void> write) throws InterruptedException {
        try {
            Replies.await(write);
        } catch (Problem e) {
            Meters.counter(registry, ConsoleMeters.INDEX_FAILURES, "of", "request").increment();
        }
    }

    private static Problem notAcknowledged() {
        return new Problem(
                ProblemType.NOT_ACKNOWLEDGED,
                "Kafka did not acknowledge it in time; send it again with the same id");
    }

    private void count(String outcome) {
        Meters.counter(registry, ConsoleMeters.PUSHES, "outcome", outcome).increment();
    }

    /** What addresses the same keeps its order. */
    private static byte[] key(PushRequest request) {
        String target =
                switch (request.to()) {
                    case Target.Device to -> to.device();
                    case Target.Devices to -> to.devices().getFirst();
                    case Target.User to -> to.user();
                    case Target.Group to -> to.group();
                    case Target.All _ -> "all";
                };
        return (request.app() + "/" + target).getBytes(StandardCharsets.UTF_8);
    }
}
