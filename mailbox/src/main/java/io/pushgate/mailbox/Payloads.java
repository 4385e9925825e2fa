package io.pushgate.mailbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Message;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.runtime.telemetry.Meters;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Payloads into the form in which they are stored and carried, and out of it: which dictionary, and
 * what it came to. Any thread.
 */
final class Payloads implements AutoCloseable {
    private final PayloadCodec codec;
    private final Decoder decoder;
    private final Dictionaries dictionaries;
    private final PayloadCounters counters;

    Payloads(
            PayloadCodec codec,
            Decoder decoder,
            Dictionaries dictionaries,
            PayloadCounters counters) {
        this.codec = codec;
        this.decoder = decoder;
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
        return new Payloads(codec, decoder, dictionaries, new PayloadCounters(registry));
    }

    PayloadCodec codec() {
        return codec;
    }

    /** See {@link Mailbox#pack}. */
    Message pack(String app, Message message) {
        byte[] payload = message.plainPayload();
        PayloadCodec.Stored stored = codec.encode(payload, dictionaries.current(app));
        counters.stored(payload.length, stored);
        return stored.compressed() ? message.with(true, stored.bytes()) : message;
    }

    /** See {@link Mailbox#unpack}. */
    @Nullable Message unpack(String app, Message message) {
        if (!message.compressed()) {
            return message;
        }
        PayloadCodec.Stored stored = new PayloadCodec.Stored(message.payload(), true);
        long needed = stored.dictionary();
        Dictionary dictionary = needed == 0 ? null : dictionaries.known(app, needed);
        if (needed != 0 && dictionary == null) {
            return null;
        }
        try {
            return message.with(false, codec.decode(stored, dictionary));
        } catch (InvalidInputException e) {
            decoder.corrupt(MailboxError.CORRUPT_PAYLOAD, e);
            return null;
        }
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
