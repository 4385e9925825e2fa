package io.pushgate.faults;

import io.pushgate.faults.cluster.ClusterUnderTest;
import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.load.Devices;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What devices do all the time: about twice a second one loses its connection, or its app ends and
 * starts again, and comes back on another node.
 */
final class Unrest implements AutoCloseable {
    private static final int PAUSE_MILLIS = 1_000;
    private static final int MAX_OFFLINE_MILLIS = 300;

    private final Thread thread;

    private Unrest(Thread thread) {
        this.thread = thread;
    }

    static Unrest start(ClusterUnderTest cluster, Devices devices, long seed, boolean restless) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Unrest(
                Thread.ofPlatform()
                        .daemon()
                        .name("faults-unrest")
                        .start(
                                () -> {
                                    if (restless) {
                                        run(cluster, devices, random);
                                    }
                                }));
    }

    private static void run(ClusterUnderTest cluster, Devices devices, SplittableRandom random) {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MILLIS));
                if (random.nextBoolean()) {
                    drop(cluster, random.nextInt(Kind.ACCESS.count()));
                } else {
                    int device = random.nextInt(devices.count());
                    if (devices.isConnected(device)) {
                        devices.restart(device, random.nextInt(MAX_OFFLINE_MILLIS));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void drop(ClusterUnderTest cluster, int access) {
        AtomicBoolean one = new AtomicBoolean();
        int _ = cluster.deviceProxy(access).reset(_ -> one.compareAndSet(false, true));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
