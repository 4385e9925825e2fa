package io.pushgate.standalone;

import io.pushgate.mailbox.ApiKeys;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.redis.RedisConnection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The API key that a standalone makes for its user: an administrator's, which lies in the data
 * folder for its owner only.
 */
final class AdminKey {
    private static final String FILE = "admin.apikey";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private AdminKey() {}

    /**
     * Reads or makes the key, and has Redis know it.
     *
     * @return its text
     */
    static String ensure(Path folder, RedisConfig config)
            throws StartupException, InterruptedException {
        try (RedisConnection redis = RedisConnection.open(config)) {
            ApiKeys keys = new ApiKeys(redis, InstantSource.system());
            String key = read(folder.resolve(FILE), keys);
            Waits.until(() -> redis.check().ok(), PATIENCE);
            keys.add(key, null)
                    .toCompletableFuture()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return key;
        } catch (ExecutionException | TimeoutException e) {
            throw new StartupException("Redis did not take the development API key", e);
        }
    }

    private static String read(Path file, ApiKeys keys) throws StartupException {
        try {
            if (Files.exists(file)) {
                String key = Files.readString(file).strip();
                if (ApiKeys.isWellFormed(key)) {
                    return key;
                }
                throw new StartupException(file + " holds no API key; delete it to have a new one");
            }
            String key = keys.generate();
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.write(file, (key + "\n").getBytes(StandardCharsets.UTF_8));
            return key;
        } catch (IOException e) {
            throw new StartupException(file + " can't be used: " + Errors.reason(e), e);
        }
    }
}
