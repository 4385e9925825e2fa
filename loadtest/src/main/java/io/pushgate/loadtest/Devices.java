package io.pushgate.loadtest;

import com.sun.management.UnixOperatingSystemMXBean;

import io.netty.channel.EventLoopGroup;
import io.pushgate.client.Disconnected;
import io.pushgate.client.EventLoops;
import io.pushgate.client.MessageStore;
import io.pushgate.client.PushgateClient;
import io.pushgate.client.Terminated;
import io.pushgate.loadtest.machine.Pacer;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** All devices of a run, on two event loops. */
final class Devices implements AutoCloseable {
    private static final int THREADS = 2;

    /** Positions keep repeats out while the process lives; few ids need remembering. */
    private static final int REMEMBERED = 128;

    /** Files that a process needs besides its connections. */
    private static final int OTHER_FILES = 250;

    /** How long the last connections may take after the ramp's end. */
    private static final Duration STRAGGLERS = Duration.ofSeconds(30);

    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final LoadTestConfig config;
    private final RunNames names;
    private final Book book;
    private final EventLoopGroup loops = EventLoops.create(THREADS, "load-device");
    private final List<PushgateClient> clients = new ArrayList<>();
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger terminated = new AtomicInteger();
    private final LongAdder lostConnections = new LongAdder();
    private volatile String lastTrouble = "";
    private volatile long connectNanos;
    private volatile boolean closing;

    /**
     * @throws LoadTestException if this process may not open so many connections
     */
    Devices(LoadTestConfig config, RunNames names, Schedule schedule, Account account, Meter meter)
            throws LoadTestException {
        checkOpenFiles(config.connections(), maxOpenFiles());
        this.config = config;
        this.names = names;
        this.book = new Book(schedule, account, meter);
    }

    /**
     * Connects all devices at the rate of the ramp.
     *
     * @return whether all stand
     */
    boolean connect() throws InterruptedException {
        long start = System.nanoTime();
        int count = config.connections();
        for (int i = 0; i < count; i++) {
            Pacer.awaitTime(start + i * TimeUnit.SECONDS.toNanos(1) / config.rampPerSecond());
            clients.add(client(i));
        }
        long deadline = System.nanoTime() + STRAGGLERS.toNanos();
        Pacer.awaitCondition(() -> connected.get() + terminated.get() >= count, deadline);
        return connected.get() == count;
    }

    /** Devices that had a connection at least once. */
    int connected() {
        return connected.get();
    }

    /** From the first attempt to the newest first connection of a device. */
    Duration connectTime() {
        return Duration.ofNanos(connectNanos);
    }

    /** Sessions lost, and not by {@link #close}. */
    long lostConnections() {
        return lostConnections.sum();
    }

    /** Why the newest connection or attempt failed; empty where none did. */
    String lastTrouble() {
        return lastTrouble;
    }

    @Override
    public void close() {
        closing = true;
        CompletableFuture<?>[] done =
                clients.stream()
                        .map(PushgateClient::closeAsync)
                        .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(done)
                .completeOnTimeout(null, CLOSING.toSeconds(), TimeUnit.SECONDS)
                .join();
        loops.shutdownGracefully(0, CLOSING.toSeconds(), TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSING.toMillis());
    }

    private PushgateClient client(int index) {
        URI url = config.urls().get(index % config.urls().size());
        String name = names.device(index);
        return PushgateClient.builder()
                .urls(List.of(url))
                .tokenSupplier(() -> config.tokens().apply(name))
                .store(MessageStore.inMemory(REMEMBERED))
                .eventLoopGroup(loops)
                .clientVersion("loadtest")
                .listener(new Device(index, book))
                .start();
    }

    private static long maxOpenFiles() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    static void checkOpenFiles(int connections, long max) throws LoadTestException {
        int needed = connections + OTHER_FILES;
        if (needed > max) {
            throw new LoadTestException(
                    "%,d connections need about %,d open files, and this process may have %,d (ulimit -n)"
                            .formatted(connections, needed, max));
        }
    }

    private final class Book implements Device.Book {
        private final long start = System.nanoTime();
        private final Schedule schedule;
        private final Account account;
        private final Meter meter;

        Book(Schedule schedule, Account account, Meter meter) {
            this.schedule = schedule;
            this.account = account;
            this.meter = meter;
        }

        @Override
        public void message(int device, String data, long nanos) {
            Payload payload = Payload.decode(data);
            if (payload == null
                    || payload.message() >= schedule.messages()
                    || schedule.device(payload.message()) != device) {
                account.unexpected();
                return;
            }
            int message = payload.message();
            if (account.received(device, message, payload.sequence(), nanos)) {
                meter.received(message, nanos);
            }
        }

        @Override
        public void connected(boolean firstTime) {
            if (firstTime) {
                connectNanos = System.nanoTime() - start;
                connected.incrementAndGet();
            }
        }

        @Override
        public void disconnected(Disconnected event) {
            if (closing) {
                return;
            }
            lastTrouble = event.reason() + " (" + event.code() + ")";
            lostConnections.increment();
        }

        @Override
        public void terminated(Terminated event) {
            terminated.incrementAndGet();
        }

        @Override
        public void error(Throwable error) {
            lastTrouble = String.valueOf(error.getMessage());
        }
    }
}
