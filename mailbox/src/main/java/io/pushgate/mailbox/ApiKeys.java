package io.pushgate.mailbox;

import io.lettuce.core.ScriptOutputType;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of the HTTP API. A key is {@code pgk_<id>_<secret>}; the secret is 256 random bits, of
 * which Redis only gets the SHA-256: that many can't be guessed, so a slow hash would add nothing.
 *
 * <p>Key: <code>{apikeys}keys</code>, a hash of key id to {@code kind|app|created at|hash}, at most
 * {@value #MAX_KEYS}; kind is {@code app} or {@code admin}, whose app is empty. Any thread may
 * call; stages complete on Lettuce's threads.
 */
public final class ApiKeys {
    /** Keys of all apps together. */
    public static final int MAX_KEYS = 10_000;

    private static final LuaScript ADD = LuaScript.load(ApiKeys.class, "apikey-add.lua");
    private static final byte[] KEYS = Bytes.of("{apikeys}keys");
    private static final Pattern FORM = Pattern.compile("pgk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})");
    private static final int ID_BYTES = 6;
    private static final int SECRET_BYTES = 32;

    private final RedisConnection redis;
    private final RedisReads reads;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public ApiKeys(RedisConnection redis, InstantSource clock) {
        this.redis = redis;
        this.reads = new RedisReads(redis);
        this.clock = clock;
    }

    /** Thrown where there are {@value #MAX_KEYS} keys already. */
    public static final class TooManyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyException() {
            super("there are " + MAX_KEYS + " API keys already: revoke some first");
        }
    }

    /** Whether the text has the form of a key; no other can be one. */
    public static boolean isWellFormed(String key) {
        return FORM.matcher(key).matches();
    }

    /** A new key's text, which nobody knows yet. */
    public String generate() {
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(id);
        random.nextBytes(secret);
        return "pgk_"
                + HexFormat.of().formatHex(id)
                + "_"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /**
     * Makes a key valid.
     *
     * @param key of {@link #generate}
     * @param app null for an administrator's
     * @return fails with a {@link TooManyException} beyond {@value #MAX_KEYS}
     * @throws IllegalArgumentException if it is not of the form of a key
     */
    public CompletionStage<ApiKey> add(String key, @Nullable String app) {
        Matcher parts = parts(key);
        ApiKey made = new ApiKey(parts.group(1), app, clock.millis());
        String value =
                (app == null ? "admin||" : "app|" + app + "|")
                        + made.createdAt()
                        + "|"
                        + hash(parts.group(2));
        return ADD.<Long>run(
                        redis,
                        ScriptOutputType.INTEGER,
                        new byte[][] {KEYS},
                        Bytes.of(made.id()),
                        Bytes.of(value),
                        Bytes.of(MAX_KEYS))
                .thenApply(
                        kept -> {
                            if (kept == 0) {
                                throw new TooManyException();
                            }
                            return made;
                        });
    }

    /** Whose key it is; empty for one that was never made, or was revoked. */
    public CompletionStage<Optional<ApiKey>> find(String key) {
        if (!isWellFormed(key)) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Matcher parts = parts(key);
        return reads.field(KEYS, parts.group(1))
                .thenApply(
                        text -> {
                            Stored stored = parse(parts.group(1), text);
                            return stored != null && matches(stored.hash, parts.group(2))
                                    ? Optional.of(stored.key)
                                    : Optional.empty();
                        });
    }

    /** All keys, the oldest first. */
    public CompletionStage<List<ApiKey>> list() {
        return reads.fields(KEYS)
                .thenApply(
                        all -> {
                            List<ApiKey> keys = new ArrayList<>(all.size());
                            all.forEach(
                                    (id, value) -> {
                                        Stored stored = parse(Bytes.text(id), Bytes.text(value));
                                        if (stored != null) {
                                            keys.add(stored.key);
                                        }
                                    });
                            keys.sort(
                                    Comparator.comparingLong(ApiKey::createdAt)
                                            .thenComparing(ApiKey::id));
                            return keys;
                        });
    }

    /** Ends a key by its id; whether there was one. */
    public CompletionStage<Boolean> revoke(String id) {
        return reads.removeField(KEYS, id).thenApply(removed -> removed > 0);
    }

    private record Stored(ApiKey key, String hash) {}

    private static @Nullable Stored parse(String id, String text) {
        String[] parts = text.split("\\|", 4);
        boolean admin = parts[0].equals("admin");
        if (parts.length != 4 || !(admin || parts[0].equals("app"))) {
            return null;
        }
        try {
            long createdAt = Long.parseLong(parts[2]);
            return new Stored(new ApiKey(id, admin ? null : parts[1], createdAt), parts[3]);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static boolean matches(String hash, String secret) {
        return MessageDigest.isEqual(Bytes.of(hash), Bytes.of(hash(secret)));
    }

    /** What stands for a key, or for its secret, where it is kept: the SHA-256, in hex. */
    public static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Bytes.of(secret)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static Matcher parts(String key) {
        Matcher matcher = FORM.matcher(key);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not of the form of an API key");
        }
        return matcher;
    }
}
