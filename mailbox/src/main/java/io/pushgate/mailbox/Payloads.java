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
 * what it came to. Any thread; nothing blocks.
 */
public final class Payloads {
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

    /**
     * A message in the form in which it is best stored and carried, to be offered to any number of
     * devices of the app: compressed, with the app's dictionary if it has one, where that makes it
     * smaller.
     */
    public Message pack(String app, Message message) {
        byte[] payload = message.plainPayload();
        PayloadCodec.Stored stored = codec.encode(payload, dictionaries.current(app));
        counters.stored(payload.length, stored);
        return stored.compressed() ? message.with(true, stored.bytes()) : message;
    }

    /**
     * What {@link #pack} made as it was before; any other message is returned as it is. It knows
     * the dictionaries only that this process has met in pages of inboxes and logs, or packs with.
     *
     * @return null where the dictionary is not known here, or the payload is corrupt: the message
     *     has to be fetched from where it is stored, which makes the dictionary known
     */
    public @Nullable Message unpack(String app, Message message) {
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

    void close() {
        codec.close();
    }
}
