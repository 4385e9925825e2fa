package io.pushgate.faults.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.faults.cluster.Topology;
import io.pushgate.faults.load.GroupAccount;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Topics;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bulk messages to everybody connected, one after the other; what is urgent passes them. As many
 * normal messages to one device each, at the same rate, are the control that tells load from
 * unfairness. It comes after the bulk, as JVMs that have run for longer are faster: that makes it
 * the harder one to keep up with.
 */
public final class BulkBroadcast implements Scenario {
    private static final int DEVICES = 3_000;
    private static final int SHORT_DEVICES = 300;
    private static final int BROADCASTS = 6;
    private static final double RATE = 100;
    private static final String APP = "faults";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** After a phase, for what is still under way. */
    private static final Duration CALM = Duration.ofSeconds(2);

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
    public Topology topology() {
        return Topology.MEASURED;
    }

    @Override
    public void plan(Plan plan) {
        int seconds = plan.isShort() ? 4 : 20;
        String group = "bulk" + (plan.random().nextLong() >>> 1);
        Comparison phases = new Comparison("urgent messages", "bulk", _ -> true);
        plan.at(
                0,
                "everybody joins a group, and urgent messages go on",
                scene -> joinAll(scene, group));
        if (!plan.isShort()) {
            plan.at(
                    1,
                    "warm up",
                    scene -> {
                        Comparison.warmUp(scene);
                        broadcast(scene, group, new Phase(), group + "-warm");
                    });
        }
        plan.at(2, "measure urgent messages", scene -> phases.before.last(scene, seconds));
        plan.at(
                3,
                BROADCASTS + " bulk messages to all of them",
                scene -> broadcast(scene, group, phases.with, group));
        plan.at(
                4,
                "as many normal messages, each to one of them, within the same time",
                scene -> singly(scene, group, phases.control, phases.with.seconds()));
        plan.at(
                5,
                "measure urgent messages again",
                scene -> {
                    phases.after.last(scene, seconds);
                    compare(scene, phases, plan.isShort());
                });
    }

    private static void joinAll(Scene scene, String group) throws InterruptedException {
        // One after the other, as there is no order between the two topics.
        scene.publisher().rate(0);
        scene.sleep(CALM);
        scene.publisher().priority(Priority.HIGH);
        scene.publisher().rate(RATE);
        try (Members members = new Members(scene.cluster(), APP)) {
            members.connect();
            members.join(group, scene.devices().count(), scene.devices()::name);
        }
        scene.sleep(CALM);
    }

    private static void broadcast(Scene scene, String group, Phase phase, String ids)
            throws InterruptedException {
        int devices = scene.devices().count();
        phase.begin();
        for (int i = 0; i < BROADCASTS; i++) {
            String request =
                    "{\"id\":\"%s\",\"app\":\"%s\",\"to\":{\"group\":\"%s\"},\"data\":%d,\"priority\":\"bulk\"}"
                            .formatted(id(ids, i), APP, group, i);
            scene.publisher()
                    .sendRaw(Topics.requests(Priority.BULK), null, request.getBytes(UTF_8));
        }
        GroupAccount account = scene.account().groups();
        for (int i = 0; i < BROADCASTS; i++) {
            String id = id(ids, i);
            awaitAll(scene, () -> devices - account.devices(id), "devices did not get " + id);
        }
        phase.end();
        double seconds = phase.seconds();
        scene.note(
                String.format(
                        Locale.ROOT,
                        "%d bulk messages to %d devices in %.1f s, %.0f a second",
                        BROADCASTS,
                        devices,
                        seconds,
                        BROADCASTS * devices / seconds));
        scene.sleep(CALM);
    }

    /** The control: as many deliveries, by requests to one device each. */
    private static void singly(Scene scene, String group, Phase phase, double seconds)
            throws InterruptedException {
        phase.begin();
        GroupAccount account = scene.account().groups();
        int devices = scene.devices().count();
        int messages = BROADCASTS * devices;
        long all = account.handedOver() + messages;
        Pace pace = new Pace(messages / seconds);
        for (int i = 0; i < messages; i++) {
            pace.await(i);
            String device = scene.devices().name(i % devices);
            String request =
                    "{\"id\":\"%s\",\"app\":\"%s\",\"to\":{\"device\":\"%s\"},\"data\":%d}"
                            .formatted(id(group, BROADCASTS + i), APP, device, i);
            scene.publisher()
                    .sendLater(
                            Topics.requests(Priority.NORMAL),
                            device.getBytes(UTF_8),
                            request.getBytes(UTF_8));
        }
        awaitAll(scene, () -> all - account.handedOver(), "messages of the control did not come");
        phase.end();
        scene.sleep(CALM);
    }

    private static String id(String ids, int number) {
        return GroupAccount.PREFIX + ids + "-" + number;
    }

    private static void awaitAll(Scene scene, LongSupplier missing, String what)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (missing.getAsLong() > 0 && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        long left = missing.getAsLong();
        scene.expect(left == 0, left + " " + what);
    }

    private static void compare(Scene scene, Comparison phases, boolean isShort) {
        String took = String.format(Locale.ROOT, "control in %.1f s", phases.control.seconds());
        phases.tell(scene, took, isShort);
        int doubled = scene.account().groups().doubled();
        scene.expect(doubled == 0, doubled + " bulk messages were handed over twice");
    }
}
