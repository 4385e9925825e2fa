package io.pushgate.mailbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.runtime.telemetry.Meters;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Payloads in and out of Redis: which dictionary, and what it came to. Any thread. */
final class Payloads implements AutoCloseable {
    private final PayloadCodec codec;
    private final Dictionaries dictionaries;
    private final PayloadCounters counters;

    Payloads(PayloadCodec codec, Dictionaries dictionaries, PayloadCounters counters) {
        this.codec = codec;
        this.dictionaries = dictionaries;
        this.counters = counters;
    }

    static Payloads open(
            RedisConnection redis,
            MailboxConfig config,
            Decoder decoder,
            MeterRegistry registry,
            LongSupplier shiftMillis) {
        Dictionaries dictionaries =
                new Dictionaries(
                        new DictionaryStore(redis, decoder, shiftMillis),
                        decoder,
                        () ->
                                System.nanoTime()
                                        + TimeUnit.MILLISECONDS.toNanos(shiftMillis.getAsLong()));
        PayloadCodec codec = new PayloadCodec(config.compressAbove());
        Meters.gauge(registry, MailboxMeters.DICTIONARIES, dictionaries::size);
        Meters.gauge(registry, MailboxMeters.DICTIONARY_FORMS, codec::forms);
        return new Payloads(codec, dictionaries, new PayloadCounters(registry));
    }

    PayloadCodec codec() {
        return codec;
    }

    PayloadCodec.Stored encode(String app, byte[] payload) {
        PayloadCodec.Stored stored = codec.encode(payload, dictionaries.current(app));
        counters.stored(payload.length, stored);
        return stored;
    }

    /**
     * The dictionaries that it takes to decode the messages, as far as there are such. It fails if
     * Redis has to be asked and doesn't answer.
     */
    CompletionStage<Map<Long, Dictionary>> dictionaries(String app, List<StoredMessage> messages) {
        Set<Long> needed = new HashSet<>(0);
        for (StoredMessage message : messages) {
            long id = message.dictionary();
            if (id != 0) {
                needed.add(id);
            }
        }
        return needed.isEmpty()
                ? CompletableFuture.completedFuture(Map.of())
                : dictionaries.find(app, needed);
    }

    @Override
    public void close() {
        codec.close();
    }
}
