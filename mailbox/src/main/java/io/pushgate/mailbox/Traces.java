package io.pushgate.mailbox;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.runtime.telemetry.Meters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The steps of messages that asked for a trace: kept for 24 hours, {@value #MAX_STEPS} a message,
 * and logged. A trace is for people: no step waits until Redis has it, and where {@value
 * #MAX_IN_FLIGHT} are on their way already, or Redis is away, it is only logged and counted.
 *
 * <p>Key: <code>{m&lt;app&gt;/&lt;id&gt;}trace</code>, see {@code trace.lua}. Any thread may call;
 * nothing blocks.
 */
public final class Traces {
    static final int MAX_STEPS = 1000;
    static final int MAX_IN_FLIGHT = 1000;

    private static final Duration KEEP = Duration.ofHours(24);
    private static final Logger log = LoggerFactory.getLogger(Traces.class);
    private static final LuaScript TRACE = LuaScript.load(Traces.class, "trace.lua");

    private final RedisConnection redis;
    private final RedisReads reads;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Counter kept;
    private final Counter dropped;
    private final Counter failed;

    Traces(RedisConnection redis, MeterRegistry registry) {
        this.redis = redis;
        this.reads = new RedisReads(redis);
        this.kept = Meters.counter(registry, MailboxMeters.TRACED, "outcome", "kept");
        this.dropped = Meters.counter(registry, MailboxMeters.TRACED, "outcome", "dropped");
        this.failed = Meters.counter(registry, MailboxMeters.TRACED, "outcome", "failed");
    }

    /** What can happen to a message. */
    public enum Kind {
        /** It is in the device's inbox. */
        OFFERED,
        /** It was published to the access node that holds the device. */
        DISPATCHED,
        /** It was written to the device's socket for the first time. */
        WRITTEN,
        /** It was written again. */
        REDELIVERED
    }

    /**
     * A step that was kept.
     *
     * @param at epoch milliseconds, by Redis's clock
     * @param kind a {@link Kind} in lower case, or one of a later version
     * @param device empty where it is about all of them
     * @param node whose work it was, empty where that doesn't matter
     */
    public record Step(long at, String kind, String device, String node, String detail) {}

    /**
     * Keeps and logs a step; returns at once.
     *
     * @param node empty where it doesn't matter
     */
    public void step(DeviceKey device, String messageId, Kind kind, String node, String detail) {
        String word = kind.name().toLowerCase(Locale.ROOT);
        log.info(
                "trace of {}/{}: {} for {} {} {}",
                device.app(),
                messageId,
                word,
                device.device(),
                node.isEmpty() ? "" : "at " + node,
                detail);
        if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
            inFlight.decrementAndGet();
            dropped.increment();
            return;
        }
        TRACE.<byte[]>run(
                        redis,
                        ScriptOutputType.VALUE,
                        new byte[][] {key(device.app(), messageId)},
                        Bytes.of(KEEP.toMillis()),
                        Bytes.of(MAX_STEPS),
                        Bytes.of(word),
                        Bytes.of(device.device()),
                        Bytes.of(node),
                        Bytes.of(detail))
                .whenComplete(
                        (_, failure) -> {
                            inFlight.decrementAndGet();
                            (failure == null ? kept : failed).increment();
                        });
    }

    /** The steps that were kept of a message, the oldest first. */
    public CompletionStage<List<Step>> of(String app, String messageId) {
        return reads.entries(key(app, messageId), MAX_STEPS)
                .thenApply(
                        entries -> {
                            List<Step> steps = new ArrayList<>(entries.size());
                            for (StreamMessage<byte[], byte[]> entry : entries) {
                                steps.add(read(entry));
                            }
                            return steps;
                        });
    }

    private static Step read(StreamMessage<byte[], byte[]> entry) {
        String kind = "";
        String device = "";
        String node = "";
        String detail = "";
        for (Map.Entry<byte[], byte[]> field : entry.getBody().entrySet()) {
            String value = Bytes.text(field.getValue());
            switch (Bytes.text(field.getKey())) {
                case "s" -> kind = value;
                case "d" -> device = value;
                case "n" -> node = value;
                case "t" -> detail = value;
                default -> {} // of a later version
            }
        }
        return new Step(Decoder.position(entry.getId()).millis(), kind, device, node, detail);
    }

    private static byte[] key(String app, String messageId) {
        return Bytes.of("{m" + app + "/" + messageId + "}trace");
    }
}
