package io.pushgate.faults.load;

import io.netty.channel.EventLoopGroup;
import io.pushgate.client.Disconnected;
import io.pushgate.client.EventLoops;
import io.pushgate.client.PushMessage;
import io.pushgate.client.PushgateClient;
import io.pushgate.client.PushgateClientBuilder;
import io.pushgate.client.Terminated;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** All devices of a scenario, on two shared event loops. Any thread. */
public final class Devices implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Devices.class);
    private static final int THREADS = 2;
    private static final int RAMP_PER_SECOND = 500;
    private static final long RESTART_MILLIS = 1_000;
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final String app;
    private final String prefix;
    private final Account account;
    private final EventLoopGroup loops = EventLoops.create(THREADS, "faults-device");
    private final List<Device> devices = new ArrayList<>();
    private final Map<String, LongAdder> disconnects = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> terminations = new ConcurrentHashMap<>();
    private final Trails trails = new Trails();
    private volatile List<String> firstTermination = List.of();
    private final AtomicLongArray restarts;
    private volatile boolean closing;

    /**
     * @param urls of the access nodes; each device begins with a random one and goes round
     * @param prefix of the devices' names
     */
    public Devices(
            Account account, List<URI> urls, Tokens tokens, String app, String prefix, int count) {
        this.account = account;
        this.app = app;
        this.prefix = prefix;
        this.restarts = new AtomicLongArray(count);
        Home home = new Home();
        for (int i = 0; i < count; i++) {
            // Signed once: a storm of reconnects is to cost the gateway, not us.
            String token = tokens.token(app, name(i));
            devices.add(new Device(i, home, urls, () -> token));
        }
    }

    public String app() {
        return app;
    }

    public String name(int device) {
        return prefix + device;
    }

    public int count() {
        return devices.size();
    }

    /** Starts the app of every device that passes, at a ramp; returns when they were started. */
    public void start(IntPredicate which) throws InterruptedException {
        int started = 0;
        for (int i = 0; i < devices.size(); i++) {
            if (which.test(i)) {
                devices.get(i).start();
                if (++started % (RAMP_PER_SECOND / 50) == 0) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        }
    }

    /**
     * Waits until so many devices are connected.
     *
     * @return whether they are
     */
    public boolean awaitConnected(int wanted, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (connected() < wanted && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return connected() >= wanted;
    }

    /** How many have a session, as far as they know. */
    public int connected() {
        return (int) devices.stream().filter(Device::isConnected).count();
    }

    /** The indexes of the devices that the access node holds now. */
    public int[] on(String node) {
        return IntStream.range(0, devices.size())
                .filter(i -> devices.get(i).node().equals(node))
                .toArray();
    }

    /** Ends an app and starts it again, with what its store remembers. */
    public void restart(int device, long offlineMillis) {
        restarts.set(device, System.nanoTime());
        trails.add(device, account.at(System.nanoTime()) + " app restarted");
        devices.get(device).restart(offlineMillis);
    }

    /**
     * Whether {@link #restart} was called for it.
     *
     * @param nanos a reading of {@link System#nanoTime}
     */
    public boolean wasRestartedSince(int device, long nanos) {
        long last = restarts.get(device);
        return last != 0 && last - nanos >= 0;
    }

    public void start(int device) {
        devices.get(device).start();
    }

    /** Ends an app in good order; complete when nothing of it is left. */
    public CompletableFuture<Void> stop(int device) {
        return devices.get(device).stop();
    }

    public boolean isConnected(int device) {
        return devices.get(device).isConnected();
    }

    /** From its next start on the device's app takes messages, but neither books nor acks them. */
    public void mute(int device, boolean on) {
        devices.get(device).mute(on);
    }

    /** Connections lost or not made, by reason. */
    public Map<String, LongAdder> disconnects() {
        return disconnects;
    }

    /** Sessions whose devices were told not to come back; they did so all the same. */
    public Map<String, LongAdder> terminations() {
        return terminations;
    }

    /** What happened to the device's connections lately, oldest first. */
    public List<String> trail(int device) {
        return trails.of(device);
    }

    /** The trail of the first device that was told not to come back; empty where none was. */
    public List<String> trailOfFirstTermination() {
        return firstTermination;
    }

    @Override
    public void close() {
        closing = true;
        CompletableFuture.allOf(
                        devices.stream().map(Device::stop).toArray(CompletableFuture<?>[]::new))
                .completeOnTimeout(null, CLOSING.toSeconds(), TimeUnit.SECONDS)
                .join();
        loops.shutdownGracefully(0, CLOSING.toSeconds(), TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSING.toMillis());
    }

    private final class Home implements Device.Home {
        @Override
        public PushgateClientBuilder builder() {
            return PushgateClient.builder()
                    .eventLoopGroup(loops)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(2))
                    .clientVersion("faults");
        }

        @Override
        public void delivered(int device, PushMessage message, String node) {
            account.delivered(device, message.id(), System.nanoTime(), node);
        }

        @Override
        public void connected(int device, String session) {
            trail(device, "connected as " + session);
        }

        @Override
        public void disconnected(int device, Disconnected event) {
            String why = event.code() + " " + event.reason();
            trail(device, "disconnected: " + why);
            count(disconnects, why);
        }

        @Override
        public void terminated(int device, Terminated event) {
            count(terminations, event.code() + " " + event.reason());
            trail(device, "told to stay away");
            if (firstTermination.isEmpty() && !closing) {
                firstTermination = trails.of(device);
            }
            log.warn("{} was told to stay away: {} {}", name(device), event.code(), event.reason());
            if (!closing) {
                devices.get(device).restart(RESTART_MILLIS);
            }
        }

        private void trail(int device, String what) {
            trails.add(device, account.at(System.nanoTime()) + " " + what);
        }

        private void count(Map<String, LongAdder> counts, String reason) {
            if (!closing && counts.size() < 100) {
                counts.computeIfAbsent(reason, _ -> new LongAdder()).increment();
            }
        }
    }
}
