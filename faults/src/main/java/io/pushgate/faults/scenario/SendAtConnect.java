package io.pushgate.faults.scenario;

import io.pushgate.faults.load.Devices;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Devices connect and disconnect at the very instant of a send, thousands of times. */
public final class SendAtConnect implements Scenario {
    private static final int TIMES = 10_000;
    private static final int SHORT_TIMES = 500;
    private static final int DEVICES = 40;
    private static final Duration AT_MOST = Duration.ofMinutes(4);
    private static final int MAX_NANOS = 8_000_000;

    @Override
    public String name() {
        return "send-at-connect";
    }

    @Override
    public String summary() {
        return "10,000 sends at the very instant of a connect or a disconnect";
    }

    @Override
    public Shape shape(Shape asked) {
        return asked.withDevices(Math.max(asked.devices(), DEVICES)).withRate(asked.rate() / 2);
    }

    @Override
    public void plan(Plan plan) {
        int times = plan.isShort() ? SHORT_TIMES : TIMES;
        plan.at(1, "send at " + times + " connects and disconnects", scene -> churn(scene, times));
    }

    private static void churn(Scene scene, int times) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(times);
        List<Thread> workers = new ArrayList<>();
        long end = System.nanoTime() + AT_MOST.toNanos();
        for (int device = 0; device < DEVICES; device++) {
            SplittableRandom random = scene.random("churn" + device);
            int own = device;
            workers.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            while (left.getAndDecrement() > 0
                                                    && System.nanoTime() - end < 0) {
                                                once(scene, own, random);
                                            }
                                        } catch (InterruptedException e) {
                                            Thread.currentThread().interrupt();
                                        }
                                    }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        // Whatever the last thing was that a device did: now it stays.
        for (int device = 0; device < DEVICES; device++) {
            scene.devices().start(device);
        }
        int missing = Math.max(0, left.get());
        scene.note((times - missing) + " sends at the instant of a connect or disconnect");
    }

    private static void once(Scene scene, int device, SplittableRandom random)
            throws InterruptedException {
        Devices devices = scene.devices();
        long pause = random.nextInt(MAX_NANOS);
        if (random.nextBoolean()) {
            devices.start(device);
            TimeUnit.NANOSECONDS.sleep(pause);
            scene.publisher().send(device);
            await(devices, device);
        } else {
            await(devices, device);
            boolean before = random.nextBoolean();
            if (before) {
                scene.publisher().send(device);
                TimeUnit.NANOSECONDS.sleep(pause);
            }
            var stopped = devices.stop(device);
            if (!before) {
                scene.publisher().send(device);
            }
            var _ = stopped.completeOnTimeout(null, 10, TimeUnit.SECONDS).join();
        }
    }

    private static void await(Devices devices, int device) throws InterruptedException {
        devices.start(device);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!devices.isConnected(device) && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
