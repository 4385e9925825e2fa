package io.pushgate.testkit;

import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.embedded.EmbeddedRedisSettings;
import io.pushgate.embedded.RedisWire;
import io.pushgate.runtime.config.RedisConfig;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A real Redis for tests: one that all tests of the JVM share, or an own one to stop and start. Any
 * thread may call.
 *
 * <p>The shared one is a container where Docker answers, else an embedded one; where neither works
 * the test fails.
 */
public final class TestRedis implements AutoCloseable {
    private final String uri;
    private final @Nullable EmbeddedRedis own;

    private TestRedis(String uri, @Nullable EmbeddedRedis own) {
        this.uri = uri;
        this.own = own;
    }

    /** Started at the first call, ended with the JVM. */
    private static final class Shared {
        static final TestRedis INSTANCE = create();

        private static TestRedis create() {
            Optional<String> container = Containers.redis();
            if (container.isPresent()) {
                return new TestRedis(container.get(), null);
            }
            EmbeddedRedis redis = new EmbeddedRedis(EmbeddedRedisSettings.inMemory());
            redis.start();
            Runtime.getRuntime().addShutdownHook(new Thread(redis::close, "stop-test-redis"));
            return new TestRedis(redis.uri(), null);
        }
    }

    /**
     * The one of this JVM; not to be stopped. Tests keep apart by unique names, or by {@link
     * #flushAll()}.
     */
    public static TestRedis shared() {
        return Shared.INSTANCE;
    }

    /** A new embedded one, without persistence, to be closed by its test. */
    public static TestRedis start() {
        return start(EmbeddedRedisSettings.inMemory());
    }

    /** A new embedded one, to be closed by its test. */
    public static TestRedis start(EmbeddedRedisSettings settings) {
        EmbeddedRedis redis = new EmbeddedRedis(settings);
        redis.start();
        return new TestRedis(redis.uri(), redis);
    }

    public String uri() {
        return uri;
    }

    /** For {@code RedisConnection.open}: this server, with a timeout of 3 s. */
    public RedisConfig config() {
        return new RedisConfig(uri, RedisConfig.Mode.AUTO, Duration.ofSeconds(3));
    }

    /** Deletes all keys. */
    public void flushAll() {
        command("FLUSHALL");
    }

    /**
     * Sends one command over a connection of its own; see {@link RedisWire#call}.
     *
     * @throws UncheckedIOException if the server is down or answers with an error
     */
    public @Nullable Object command(String... command) {
        try (RedisWire wire = RedisWire.connect(URI.create(uri).getPort())) {
            return wire.call(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops an own one as an administrator would. */
    public void stop() {
        own().stop();
    }

    /** Ends an own one as {@code kill -9} does. */
    public void kill() {
        own().kill();
    }

    /** Freezes an own one: its port accepts, nobody answers. */
    public void pause() {
        own().pause();
    }

    /** Lets an own one go on after {@link #pause()}. */
    public void resume() {
        own().resume();
    }

    /** Starts an own one again on its port; stops it before if it runs. */
    public void restart() {
        own().stop();
        own().start();
    }

    @Override
    public void close() {
        own().close();
    }

    private EmbeddedRedis own() {
        EmbeddedRedis mine = own;
        if (mine == null) {
            throw new UnsupportedOperationException(
                    "the shared Redis is not to be stopped; use TestRedis.start()");
        }
        return mine;
    }
}
