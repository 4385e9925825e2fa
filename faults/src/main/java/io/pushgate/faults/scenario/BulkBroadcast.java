package io.pushgate.faults.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.faults.load.GroupAccount;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Topics;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** Bulk messages to everybody connected, one after the other; what is urgent passes them. */
public final class BulkBroadcast implements Scenario {
    private static final int DEVICES = 3_000;
    private static final int SHORT_DEVICES = 300;
    private static final int BROADCASTS = 10;
    private static final double RATE = 100;
    private static final double MAX_FACTOR = 2;
    private static final String APP = "faults";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Below it the scheduler of a machine with two cores is what is measured. */
    private static final double FLOOR_MILLIS = 25;

    @Override
    public String name() {
        return "bulk-broadcast";
    }

    @Override
    public String summary() {
        return "bulk messages to everybody connected: the p99 of urgent ones at most doubles";
    }

    @Override
    public Shape shape(Shape asked) {
        return asked.withDevices(asked.shortForm() ? SHORT_DEVICES : DEVICES).withRate(RATE);
    }

    @Override
    public boolean isRestless() {
        return false;
    }

    @Override
    public void plan(Plan plan) {
        AtomicLongArray marks = new AtomicLongArray(4);
        int seconds = plan.isShort() ? 4 : 15;
        String group = "bulk" + (plan.random().nextLong() >>> 1);
        plan.at(
                0,
                "everybody joins a group, and urgent messages go on",
                scene -> {
                    // One after the other, as there is no order between the two topics.
                    scene.publisher().rate(0);
                    scene.sleep(Duration.ofSeconds(2));
                    scene.publisher().priority(Priority.HIGH);
                    scene.publisher().rate(RATE);
                    try (Members members = new Members(scene.cluster(), APP)) {
                        members.connect();
                        members.join(group, scene.devices().count(), scene.devices()::name);
                    }
                    scene.sleep(Duration.ofSeconds(2));
                    marks.set(0, System.nanoTime());
                });
        plan.at(
                3 + seconds,
                BROADCASTS + " bulk messages to all of them",
                scene -> {
                    marks.set(1, System.nanoTime());
                    marks.set(2, System.nanoTime());
                    broadcast(scene, group);
                    marks.set(3, System.nanoTime());
                    scene.sleep(Duration.ofSeconds(2));
                    compare(scene, marks, plan.isShort());
                });
    }

    private static void broadcast(Scene scene, String group) throws InterruptedException {
        int devices = scene.devices().count();
        long begun = System.nanoTime();
        for (int i = 0; i < BROADCASTS; i++) {
            String request =
                    "{\"id\":\"%s\",\"app\":\"%s\",\"to\":{\"group\":\"%s\"},\"data\":%d,\"priority\":\"bulk\"}"
                            .formatted(id(group, i), APP, group, i);
            scene.publisher()
                    .sendRaw(Topics.requests(Priority.BULK), null, request.getBytes(UTF_8));
        }
        for (int i = 0; i < BROADCASTS; i++) {
            awaitAll(scene, id(group, i), devices);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        scene.note(
                String.format(
                        Locale.ROOT,
                        "%d bulk messages to %d devices in %.1f s, %.0f a second",
                        BROADCASTS,
                        devices,
                        seconds,
                        BROADCASTS * devices / seconds));
    }

    private static String id(String group, int number) {
        return GroupAccount.PREFIX + group + "-" + number;
    }

    private static void awaitAll(Scene scene, String id, int devices) throws InterruptedException {
        GroupAccount account = scene.account().groups();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (account.devices(id) < devices && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        int missing = devices - account.devices(id);
        scene.expect(missing == 0, missing + " devices did not get " + id);
    }

    private static void compare(Scene scene, AtomicLongArray marks, boolean isShort) {
        double without = p99(scene.account().latencies(marks.get(0), marks.get(1), _ -> true));
        double with = p99(scene.account().latencies(marks.get(2), marks.get(3), _ -> true));
        String what =
                String.format(
                        Locale.ROOT,
                        "p99 of urgent messages %.1f ms without and %.1f ms with bulk ones",
                        without,
                        with);
        scene.note(what);
        scene.expect(isShort || with <= MAX_FACTOR * Math.max(without, FLOOR_MILLIS), what);
        int doubled = scene.account().groups().doubled();
        scene.expect(doubled == 0, doubled + " bulk messages were handed over twice");
    }

    private static double p99(long[] sorted) {
        return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)] / 1e6;
    }
}
