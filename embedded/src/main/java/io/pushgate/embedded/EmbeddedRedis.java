package io.pushgate.embedded;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One {@code redis-server} process on 127.0.0.1 that ends with this JVM, however that ends.
 *
 * <p>The process is started through {@code redis-watchdog.sh}: a shell that holds a pipe from this
 * JVM and asks Redis to stop (so that it flushes its append-only file) when the pipe breaks. No
 * shutdown hook is installed: who drains first and closes Redis last is the owner's to order. Redis
 * runs in a session of its own, so that a Ctrl-C in the terminal reaches only the JVM.
 *
 * <p>It can be stopped and started again any number of times, on the same port and data. All
 * methods may be called from any thread; they block.
 */
public final class EmbeddedRedis implements AutoCloseable {
    static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final EmbeddedRedisSettings settings;
    private final Duration predecessorTimeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Path dir;
    private volatile int port;
    private @Nullable Process process;

    public EmbeddedRedis(EmbeddedRedisSettings settings) {
        this(settings, STOP_TIMEOUT);
    }

    /**
     * @param predecessorTimeout how long to wait for the Redis of a killed JVM to let go of the
     *     data folder
     */
    EmbeddedRedis(EmbeddedRedisSettings settings, Duration predecessorTimeout) {
        this.settings = settings;
        this.predecessorTimeout = predecessorTimeout;
        this.port = settings.port();
        this.dir =
                settings.dataDir() == null ? TempDirs.create("pushgate-redis") : settings.dataDir();
    }

    /**
     * Starts it and waits until it has loaded its data and answers, 20 s at most. Does nothing when
     * it runs.
     *
     * @throws EmbeddedException one line: the port is taken, another Redis holds the data folder,
     *     or Redis' own reason
     */
    public void start() {
        lock.lock();
        try {
            if (isRunning()) {
                return;
            }
            Files.createDirectories(dir);
            RedisPidFile.awaitFree(dir, predecessorTimeout);
            if (port == 0) {
                port = FreePorts.start(this::startOn);
            } else if (!FreePorts.isFree(port)) {
                throw portTaken();
            } else {
                startOn(port);
            }
        } catch (IOException e) {
            throw new EmbeddedException("can't start Redis in " + dir + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks it to stop, waits until it has written its data and is gone; after 10 s it is killed.
     */
    public void stop() {
        end(false);
    }

    /** Ends it at once, as {@code kill -9} does, and waits until it is gone. */
    public void kill() {
        end(true);
    }

    /** Freezes it, as a stalled machine would: its port accepts, nobody answers. */
    public void pause() {
        RedisProcess.signal(pid(), "STOP");
    }

    /** Lets it go on after {@link #pause()}. */
    public void resume() {
        RedisProcess.signal(pid(), "CONT");
    }

    /** Stops it, and deletes its temporary folder if it had no data folder. */
    @Override
    public void close() {
        stop();
        if (settings.dataDir() == null) {
            TempDirs.delete(dir);
        }
    }

    public boolean isRunning() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** The process id of {@code redis-server}; throws if it was never started. */
    public long pid() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException("Redis was not started");
        }
        return current.pid();
    }

    /** The TCP port; 0 before the first start if a free one was asked for. */
    public int port() {
        return port;
    }

    /** {@code redis://127.0.0.1:<port>}. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    private void startOn(int candidate) throws IOException {
        Path log = dir.resolve("redis.log");
        Process started = RedisProcess.launch(arguments(candidate), dir, log);
        process = started;
        if (!RedisProcess.awaitReady(started, candidate, START_TIMEOUT)) {
            started.destroyForcibly();
            throw new EmbeddedException(
                    "Redis did not start on port " + candidate + ": " + RedisProcess.reason(log));
        }
    }

    private List<String> arguments(int candidate) {
        Map<String, String> ours = new LinkedHashMap<>();
        ours.put("--port", Integer.toString(candidate));
        ours.put("--bind", "127.0.0.1");
        ours.put("--dir", dir.toAbsolutePath().toString());
        ours.put("--pidfile", RedisPidFile.in(dir).toAbsolutePath().toString());
        ours.put("--save", "");
        ours.put("--appendonly", settings.dataDir() == null ? "no" : "yes");
        ours.put("--appendfsync", "everysec");
        ours.put("--maxmemory-policy", "noeviction");
        // Redis takes so much at once for an inbox's first message (docs/operations.md).
        ours.put("--stream-node-max-bytes", "1024");
        List<String> all = new ArrayList<>();
        ours.forEach((name, value) -> all.addAll(List.of(name, value)));
        all.addAll(settings.arguments());
        return all;
    }

    private void end(boolean atOnce) {
        lock.lock();
        try {
            Process current = process;
            if (current == null || !current.isAlive()) {
                return;
            }
            if (!atOnce) {
                current.destroy();
                RedisProcess.signal(current.pid(), "CONT");
            }
            if (atOnce || !current.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                current.destroyForcibly();
                if (!current.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new EmbeddedException(
                            "Redis (process " + current.pid() + ") does not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("interrupted while Redis stopped", e);
        } finally {
            lock.unlock();
        }
    }

    private EmbeddedException portTaken() {
        return new EmbeddedException("port " + port + " (Redis) is taken by another process");
    }
}
