package io.pushgate.console.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.pushgate.mailbox.ApiKey;
import io.pushgate.mailbox.ApiKeys;
import io.pushgate.runtime.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/**
 * Lets in who has an API key for what they ask. Keys that are good are remembered for a short time,
 * so a revoked one may work as long; wrong ones are looked up each time. Any thread.
 */
public final class KeyGate {
    private static final String SCHEME = "Bearer ";
    private static final int MAX_REMEMBERED = 10_000;

    private final ApiKeys keys;
    private final Cache<String, ApiKey> remembered;

    /**
     * @param remember for how long a good key is not looked up again
     */
    public KeyGate(ApiKeys keys, Duration remember, Ticker ticker) {
        this.keys = keys;
        this.remembered =
                Caffeine.newBuilder()
                        .maximumSize(MAX_REMEMBERED)
                        .expireAfterWrite(remember)
                        .ticker(ticker::nanos)
                        .executor(Runnable::run)
                        .build();
    }

    /**
     * @param authorization the header, null where there is none
     * @param app the one of the path, null where it names none
     * @return null on a public route
     */
    @Nullable ApiKey admit(
            Route.Access access, @Nullable String authorization, @Nullable String app)
            throws Problem, InterruptedException {
        if (access == Route.Access.PUBLIC) {
            return null;
        }
        ApiKey key = known(authorization);
        if (access == Route.Access.ADMIN && !key.isAdmin()) {
            throw new Problem(ProblemType.FORBIDDEN, "this takes an administrator's key");
        }
        if (app != null && !key.mayUse(app)) {
            throw new Problem(ProblemType.FORBIDDEN, "the key is for another app");
        }
        return key;
    }

    private ApiKey known(@Nullable String authorization) throws Problem, InterruptedException {
        if (authorization == null) {
            throw unauthorized("send Authorization: Bearer with an API key");
        }
        // The scheme's case does not matter, says RFC 9110.
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw unauthorized("the Authorization header must be Bearer and an API key");
        }
        String text = authorization.substring(SCHEME.length()).strip();
        if (!ApiKeys.isWellFormed(text)) {
            throw unauthorized("this is no API key; ./pushgate apikey create makes one");
        }
        // By its hash, so that neither a heap dump nor the time of a comparison gives keys away.
        String hash = ApiKeys.hash(text);
        ApiKey fresh = remembered.getIfPresent(hash);
        if (fresh != null) {
            return fresh;
        }
        Optional<ApiKey> found = Replies.await(keys.find(text));
        if (found.isEmpty()) {
            throw unauthorized("the API key is not known, or was revoked");
        }
        remembered.put(hash, found.get());
        return found.get();
    }

    private static Problem unauthorized(String detail) {
        return new Problem(ProblemType.UNAUTHORIZED, detail)
                .header("WWW-Authenticate", "Bearer realm=\"pushgate\"");
    }
}
