package io.pushgate.runtime.redis;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the tests of this package share. */
final class RedisTests {
    private RedisTests() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Waits 10 s for it. */
    static <T> T get(CompletionStage<T> stage)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    static void awaitOk(RedisConnection redis) {
        await().atMost(Duration.ofSeconds(10)).until(() -> redis.check().ok());
    }

    static void awaitNotOk(RedisConnection redis) {
        await().atMost(Duration.ofSeconds(10)).until(() -> !redis.check().ok());
    }
}
