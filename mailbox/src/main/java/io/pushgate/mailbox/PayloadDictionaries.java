package io.pushgate.mailbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.redis.RedisConnection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The dictionaries of apps, for those who train and look at them; the mailboxes find them by
 * themselves. Any thread; stages fail with a {@link io.lettuce.core.RedisException}.
 */
public final class PayloadDictionaries {
    private final DictionaryStore store;

    public PayloadDictionaries(RedisConnection redis, MeterRegistry registry) {
        this(redis, registry, () -> 0);
    }

    PayloadDictionaries(RedisConnection redis, MeterRegistry registry, LongSupplier shiftMillis) {
        store = new DictionaryStore(redis, new Decoder(registry), shiftMillis);
    }

    /**
     * Has new payloads of the app compressed with it, half a minute from now. May be called again
     * when it is unknown what came of it.
     */
    public CompletionStage<DictionaryPut> put(String app, TrainedDictionary trained) {
        return store.put(app, trained.dictionary(), trained.samples());
    }

    /** All that the app has, the oldest first. */
    public CompletionStage<List<DictionaryVersion>> list(String app) {
        return store.index(app).thenApply(PayloadDictionaries::versions);
    }

    private static List<DictionaryVersion> versions(DictionaryIndex index) {
        List<DictionaryVersion> versions = new ArrayList<>();
        long until = 0;
        for (DictionaryIndex.Stored stored : index.versions().reversed()) {
            if (until == 0 || until > index.now()) {
                versions.addFirst(version(stored, until, index));
            }
            // A version ends when the next one begins, and is kept for a while after that.
            until = stored.from() + Lifetimes.DICTIONARY.toMillis();
        }
        return versions;
    }

    private static DictionaryVersion version(
            DictionaryIndex.Stored stored, long until, DictionaryIndex index) {
        DictionaryVersion.State state = DictionaryVersion.State.KEPT;
        if (stored.from() > index.now()) {
            state = DictionaryVersion.State.WAITING;
        } else if (stored.equals(index.current())) {
            state = DictionaryVersion.State.CURRENT;
        }
        return new DictionaryVersion(
                stored.version(),
                stored.id(),
                stored.bytes(),
                stored.samples(),
                stored.from(),
                until,
                state);
    }
}
