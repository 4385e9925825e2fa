package io.pushgate.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The pid file that Redis writes into its folder: it tells whether a predecessor still holds the
 * data.
 */
final class RedisPidFile {
    private RedisPidFile() {}

    static Path in(Path dir) {
        return dir.resolve("redis.pid");
    }

    /**
     * Waits until the Redis of a JVM that was killed has written its data and is gone.
     *
     * @throws EmbeddedException if it doesn't end within {@code timeout}: somebody else uses this
     *     folder
     */
    static void awaitFree(Path dir, Duration timeout) throws IOException {
        Optional<ProcessHandle> holder = holder(dir);
        if (holder.isEmpty()) {
            return;
        }
        try {
            holder.get().onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new EmbeddedException(
                    "the data folder "
                            + dir
                            + " is in use by another Redis (process "
                            + holder.get().pid()
                            + ")",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while waiting for the data folder " + dir, e);
        } catch (ExecutionException e) {
            throw new EmbeddedException("can't tell who uses the data folder " + dir, e);
        }
    }

    private static Optional<ProcessHandle> holder(Path dir) throws IOException {
        Path file = in(dir);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                    .filter(RedisPidFile::isRedis);
        } catch (NumberFormatException torn) {
            return Optional.empty();
        }
    }

    /** A pid file outlives a crash, and by then its number may belong to any process. */
    private static boolean isRedis(ProcessHandle process) {
        return process.isAlive() && process.info().command().orElse("").contains("redis-server");
    }
}
