package io.pushgate.mailbox;

import io.lettuce.core.ScriptOutputType;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** The dictionaries in Redis; {@link Mailbox} has the data model. Any thread. */
final class DictionaryStore {
    /**
     * Between storing a dictionary and writing with it. A failover may lose the newest writes of
     * one server and keep those of another; what is written with is older than what is lost.
     */
    static final Duration DELAY = Duration.ofSeconds(30);

    /** How many an app has at a time: the newest, and those that something may wait in. */
    static final int MAX_VERSIONS = 16;

    private static final LuaScript PUT =
            LuaScript.load(DictionaryStore.class, "dictionary-put.lua");
    private static final LuaScript INDEX =
            LuaScript.load(DictionaryStore.class, "dictionary-index.lua");

    private final RedisConnection redis;
    private final RedisReads reads;
    private final Decoder decoder;
    private final LongSupplier shiftMillis;

    DictionaryStore(RedisConnection redis, Decoder decoder, LongSupplier shiftMillis) {
        this.redis = redis;
        this.reads = new RedisReads(redis);
        this.decoder = decoder;
        this.shiftMillis = shiftMillis;
    }

    CompletionStage<DictionaryPut> put(String app, Dictionary dictionary, int samples) {
        return PUT.<List<Object>>run(
                        redis,
                        ScriptOutputType.MULTI,
                        new byte[][] {indexKey(app), key(app, dictionary.id())},
                        Bytes.of(shiftMillis.getAsLong()),
                        Bytes.of(dictionary.id()),
                        dictionary.bytes(),
                        Bytes.of(samples),
                        Bytes.of(DELAY.toMillis()),
                        Bytes.of(Lifetimes.DICTIONARY.toMillis()),
                        Bytes.of(MAX_VERSIONS),
                        Bytes.of(prefix(app)))
                .thenApply(values -> read(new Reply(values)));
    }

    private static DictionaryPut read(Reply reply) {
        String kind = reply.text();
        return switch (kind) {
            case "S" ->
                    new DictionaryPut.Stored((int) reply.number(), Long.parseLong(reply.text()));
            case "K" -> new DictionaryPut.Known((int) reply.number());
            case "F" -> new DictionaryPut.Full(Long.parseLong(reply.text()));
            default -> throw new IllegalStateException("dictionary-put.lua returned " + kind);
        };
    }

    CompletionStage<DictionaryIndex> index(String app) {
        return INDEX.<List<Object>>run(
                        redis,
                        ScriptOutputType.MULTI,
                        new byte[][] {indexKey(app)},
                        Bytes.of(shiftMillis.getAsLong()),
                        Bytes.of(prefix(app)))
                .thenApply(values -> DictionaryIndex.read(new Reply(values), decoder));
    }

    /** Completes with null if there is none, or it is not what its id says. */
    CompletionStage<@Nullable Dictionary> load(String app, long id) {
        return reads.value(key(app, id)).thenApply(bytes -> parse(app, id, bytes));
    }

    private @Nullable Dictionary parse(String app, long id, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            Dictionary dictionary = new Dictionary(bytes);
            if (dictionary.id() == id) {
                return dictionary;
            }
            throw new InvalidInputException("another dictionary");
        } catch (InvalidInputException e) {
            decoder.corrupt(
                    MailboxError.CORRUPT_DICTIONARY,
                    new InvalidInputException(
                            "dictionary %d of %s is %s".formatted(id, app, e.getMessage()), e));
            return null;
        }
    }

    /** Puts one back that Redis lost, for as long as anything may wait that was written with it. */
    CompletionStage<Boolean> restore(String app, Dictionary dictionary) {
        return reads.putIfAbsent(
                key(app, dictionary.id()), dictionary.bytes(), Lifetimes.DICTIONARY);
    }

    static byte[] indexKey(String app) {
        return Bytes.of(tag(app) + "dictionaries");
    }

    static byte[] key(String app, long id) {
        return Bytes.of(prefix(app) + id);
    }

    private static String prefix(String app) {
        return tag(app) + "dictionary:";
    }

    private static String tag(String app) {
        return "{d:" + app + "}";
    }
}
