package io.pushgate.mailbox;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.pushgate.runtime.Ticker;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The dictionaries that this process knows. Who writes asks now and then which one is the app's
 * newest, and goes on with what it has meanwhile; who reads fetches what it doesn't know when it
 * meets it. So no process has to hear of a dictionary before another may use it.
 *
 * <p>Any thread; nothing blocks.
 */
final class Dictionaries {
    private static final Logger log = LoggerFactory.getLogger(Dictionaries.class);

    /** How old the knowledge may be which dictionary is the newest before it is asked again. */
    static final Duration REFRESH = Duration.ofSeconds(15);

    /**
     * How old it may get when Redis doesn't tell. After that the app's payloads are written without
     * one: its dictionary may have a successor, and go earlier than what is written with it.
     */
    static final Duration TRUST = Duration.ofHours(1);

    /** Apps that are written for with a dictionary; those beyond it are without. */
    static final int MAX_APPS = 256;

    /** Dictionaries kept to read with; the least used go, and are fetched again. */
    static final int MAX_KEPT = 256;

    private record Key(String app, long id) {}

    /** What is known of an app's newest dictionary. */
    private static final class App {
        final AtomicBoolean asking = new AtomicBoolean();
        volatile boolean asked;
        volatile long askedAt;
        volatile Newest newest = Newest.UNKNOWN;
    }

    /**
     * An app's newest dictionary.
     *
     * @param dictionary null for none
     * @param askedAt when Redis was asked that said so, nanoseconds of the ticker
     */
    private record Newest(@Nullable Dictionary dictionary, long askedAt) {
        static final Newest UNKNOWN = new Newest(null, 0);
    }

    private final DictionaryStore store;
    private final Decoder decoder;
    private final Ticker ticker;
    private final ConcurrentHashMap<String, App> apps = new ConcurrentHashMap<>();
    private final Cache<Key, Dictionary> kept = Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

    Dictionaries(DictionaryStore store, Decoder decoder, Ticker ticker) {
        this.store = store;
        this.decoder = decoder;
        this.ticker = ticker;
    }

    /** The one to write the app's payloads with; null for none, and at first. */
    @Nullable Dictionary current(String app) {
        App known = apps.get(app);
        if (known == null) {
            if (apps.size() >= MAX_APPS) {
                return null;
            }
            known = apps.computeIfAbsent(app, _ -> new App());
        }
        long now = ticker.nanos();
        Newest newest = known.newest;
        if (isOld(known, now) && known.asking.compareAndSet(false, true)) {
            refresh(app, known, now);
        }
        return now - newest.askedAt < TRUST.toNanos() ? newest.dictionary : null;
    }

    private static boolean isOld(App known, long now) {
        return !known.asked || now - known.askedAt >= REFRESH.toNanos();
    }

    private void refresh(String app, App known, long now) {
        known.askedAt = now;
        known.asked = true;
        store.index(app)
                .thenCompose(index -> newest(app, known.newest, index))
                .whenComplete(
                        (dictionary, failure) -> {
                            if (failure == null) {
                                known.newest = new Newest(dictionary, now);
                            } else {
                                decoder.failed(MailboxError.DICTIONARY_UNKNOWN);
                                log.debug("which dictionary {} has is unknown", app, failure);
                            }
                            known.asking.set(false);
                        });
    }

    private CompletionStage<@Nullable Dictionary> newest(
            String app, Newest before, DictionaryIndex index) {
        Dictionary had = before.dictionary;
        if (had != null && !index.has(had.id()) && wasNewestLately(before)) {
            // Lost in a failover perhaps, while what was written with it may be there. If it can't
            // be put back now, it is tried again at the next refresh.
            log.warn("Redis has lost dictionary {} of {}; it is put back", had.id(), app);
            return store.restore(app, had).thenCompose(_ -> newest(app, had, index));
        }
        return newest(app, had, index);
    }

    /** Whether it is so short a time since it was the newest that it can't have gone by itself. */
    private boolean wasNewestLately(Newest before) {
        return ticker.nanos() - before.askedAt < Lifetimes.DICTIONARY.toNanos();
    }

    private CompletionStage<@Nullable Dictionary> newest(
            String app, @Nullable Dictionary had, DictionaryIndex index) {
        DictionaryIndex.Stored newest = index.current();
        if (newest == null) {
            return CompletableFuture.completedFuture(null);
        }
        return had != null && had.id() == newest.id()
                ? CompletableFuture.completedFuture(had)
                : find(app, newest.id());
    }

    /**
     * Those of the ids that there are. It fails if Redis does, so that nobody takes one that can't
     * be asked for just now for one that is gone.
     */
    CompletionStage<Map<Long, Dictionary>> find(String app, Set<Long> ids) {
        CompletionStage<Map<Long, Dictionary>> found =
                CompletableFuture.completedFuture(new HashMap<>());
        for (long id : ids) {
            found = found.thenCombine(find(app, id), Dictionaries::with);
        }
        return found;
    }

    private static Map<Long, Dictionary> with(
            Map<Long, Dictionary> found, @Nullable Dictionary dictionary) {
        if (dictionary != null) {
            found.put(dictionary.id(), dictionary);
        }
        return found;
    }

    /** The dictionary if this process has it at hand; who does not get it has {@link #find}. */
    @Nullable Dictionary known(String app, long id) {
        return kept.getIfPresent(new Key(app, id));
    }

    /** Completes with null if there is no such dictionary; that is not remembered. */
    private CompletionStage<@Nullable Dictionary> find(String app, long id) {
        Key key = new Key(app, id);
        Dictionary known = kept.getIfPresent(key);
        return known != null
                ? CompletableFuture.completedFuture(known)
                : store.load(app, id).thenApply(found -> keep(key, found));
    }

    /** Of what was fetched twice at a time the first is used by all. */
    private @Nullable Dictionary keep(Key key, @Nullable Dictionary found) {
        return found == null ? null : kept.get(key, _ -> found);
    }

    /** How many are kept at the moment, about. */
    long size() {
        return kept.estimatedSize();
    }
}
