package io.pushgate.embedded;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A real Kafka in this JVM: one KRaft node, broker and controller in one, on 127.0.0.1.
 *
 * <p>It can be stopped and started again any number of times, on the same port and data. Topics are
 * not created by use. All methods may be called from any thread; they block.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private final EmbeddedKafkaSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Path dir;
    private volatile int port;
    private volatile @Nullable KafkaRaftServer server;
    private @Nullable DirLock dirLock;

    public EmbeddedKafka(EmbeddedKafkaSettings settings) {
        this.settings = settings;
        this.port = settings.port();
        this.dir =
                settings.dataDir() == null ? TempDirs.create("pushgate-kafka") : settings.dataDir();
    }

    /**
     * Starts it and waits until it takes requests, about 2 s. Does nothing when it runs.
     *
     * @throws EmbeddedException one line: the port is taken, the data folder is in use, or Kafka's
     *     own reason
     */
    public void start() {
        lock.lock();
        try {
            if (server != null) {
                return;
            }
            Files.createDirectories(dir);
            dirLock = DirLock.take(dir);
            if (port == 0) {
                port = FreePorts.start(this::startOn);
            } else if (!FreePorts.isFree(port)) {
                throw new EmbeddedException(
                        "port " + port + " (Kafka) is taken by another process");
            } else {
                startOn(port);
            }
        } catch (IOException e) {
            throw new EmbeddedException("can't start Kafka in " + dir + ": " + e.getMessage(), e);
        } finally {
            if (server == null) {
                letGo();
            }
            lock.unlock();
        }
    }

    /**
     * Stops it and waits until it is down; clients find nobody on its port. Does nothing when it is
     * down.
     */
    public void stop() {
        lock.lock();
        try {
            KafkaRaftServer running = server;
            if (running != null) {
                server = null;
                running.shutdown();
                running.awaitShutdown();
                letGo();
            }
        } finally {
            lock.unlock();
        }
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
        return server != null;
    }

    /** The TCP port for clients; 0 before the first start if a free one was asked for. */
    public int port() {
        return port;
    }

    /** {@code 127.0.0.1:<port>}, as clients take it. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    private void letGo() {
        DirLock held = dirLock;
        dirLock = null;
        if (held != null) {
            Utils.closeQuietly(held, "lock of " + dir);
        }
    }

    private void startOn(int candidate) throws IOException {
        KafkaSettings kafka =
                new KafkaSettings(
                        dir, candidate, FreePorts.take(1).getFirst(), settings.properties());
        kafka.formatOnce();
        KafkaRaftServer starting = null;
        try {
            starting = new KafkaRaftServer(KafkaConfig.fromProps(kafka.properties()), Time.SYSTEM);
            starting.startup();
            server = starting;
        } catch (RuntimeException e) {
            if (starting != null) {
                Utils.swallow(starting::shutdown);
            }
            throw new EmbeddedException(
                    "Kafka did not start on port " + candidate + ": " + rootMessage(e), e);
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
