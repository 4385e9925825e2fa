package io.pushgate.console.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what Redis answers; a failure ends the request with a 503 that says so. */
public final class Replies {
    private static final Logger log = LoggerFactory.getLogger(Replies.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private Replies() {}

    /** Blocks for 5 s at most. */
    public static <T> T await(CompletionStage<T> reply) throws Problem, InterruptedException {
        try {
            return reply.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("no answer from Redis", e);
            throw new Problem(
                            ProblemType.UNAVAILABLE,
                            "Redis does not answer; nothing was changed, or it is not known")
                    .retryAfter(RETRY_AFTER);
        }
    }
}
