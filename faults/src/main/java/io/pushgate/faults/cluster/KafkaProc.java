package io.pushgate.faults.cluster;

import io.pushgate.embedded.KafkaProcess;
import io.pushgate.faults.process.Jvm;
import io.pushgate.faults.process.Proc;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Kafka broker in a JVM of its own, always on the same port and data. */
public final class KafkaProc implements AutoCloseable {
    private static final int HEAP_MEGABYTES = 512;
    private static final Duration UP_WITHIN = Duration.ofSeconds(60);
    private static final Duration DOWN_WITHIN = Duration.ofSeconds(20);

    private final Path log;
    private final int port;
    private final boolean optimized;
    private volatile Path data;
    private volatile @Nullable Proc proc;

    /**
     * @param optimized see {@link Jvm#command}
     */
    KafkaProc(Path dir, int port, boolean optimized) {
        this.data = dir.resolve("kafka");
        this.log = dir.resolve("kafka.log");
        this.port = port;
        this.optimized = optimized;
    }

    /** {@code host:port}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Starts it and waits until it listens. Does nothing where it runs. */
    public synchronized void start() throws InterruptedException {
        if (isAlive()) {
            return;
        }
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command =
                Jvm.command(
                        HEAP_MEGABYTES,
                        optimized,
                        KafkaProcess.class.getName(),
                        List.of(data.toString(), Integer.toString(port)));
        Proc started = Proc.start("kafka", command, Map.of(), log);
        proc = started;
        long end = System.nanoTime() + UP_WITHIN.toNanos();
        while (!listens()) {
            if (!started.isAlive() || System.nanoTime() - end > 0) {
                throw new IllegalStateException("Kafka did not start; see " + log);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    public int port() {
        return port;
    }

    /** Where its data is. */
    public Path data() {
        return data;
    }

    /** Where its data is from its next start on. */
    public void moveTo(Path folder) {
        data = folder;
    }

    /** Ends it in good order, or by force where that takes too long. */
    public void end() {
        proc().end(DOWN_WITHIN);
    }

    public boolean isAlive() {
        Proc current = proc;
        return current != null && current.isAlive();
    }

    /**
     * Its newest process.
     *
     * @throws IllegalStateException where it was never started
     */
    public Proc proc() {
        Proc current = proc;
        if (current == null) {
            throw new IllegalStateException("Kafka was never started");
        }
        return current;
    }

    /** Kills it. */
    @Override
    public void close() {
        Proc current = proc;
        if (current != null) {
            current.close();
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
