package io.pushgate.faults.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.Metrics;
import io.pushgate.faults.cluster.RoleProc;
import io.pushgate.faults.load.GroupAccount;
import io.pushgate.protocol.Topics;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** {@code kill -9} of the purger that is half through a group of 200,000 devices. */
public final class GroupKill implements Scenario {
    private static final int DEVICES = 200_000;
    private static final int SHORT_DEVICES = 20_000;
    private static final int CHUNK = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** An app of its own: its devices never connect, so what waits is what was offered. */
    private static final String APP = "faults-group";

    private static final String GROUP = "everybody";
    private static final String CHUNKS = "pushgate_purger_chunks_total";
    private static final String DONE = "pushgate_purger_expanded_total";

    @Override
    public String name() {
        return "group-kill";
    }

    @Override
    public String summary() {
        return "kill -9 of the purger half through a group of 200,000: each device exactly once";
    }

    @Override
    public Shape shape(Shape asked) {
        return asked.withDevices(100).withRate(20);
    }

    @Override
    public boolean isRestless() {
        return false;
    }

    @Override
    public void plan(Plan plan) {
        int devices = plan.isShort() ? SHORT_DEVICES : DEVICES;
        long run = plan.random().nextLong() >>> 1;
        IntFunction<String> names = i -> "g" + run + "-" + i;
        plan.at(
                0,
                devices + " devices join a group, a message goes to it, its purger is killed",
                scene -> {
                    try (Members members = new Members(scene.cluster(), APP)) {
                        members.connect();
                        members.join(GROUP + run, devices, names);
                        kill(scene, devices, run);
                        account(scene, members.waiting(devices, names));
                    }
                });
    }

    private static void kill(Scene scene, int devices, long run) throws InterruptedException {
        List<RoleProc> purgers = scene.cluster().roles(Kind.PURGER);
        double before = sum(purgers, CHUNKS);
        String request =
                "{\"id\":\"%s%d\",\"app\":\"%s\",\"to\":{\"group\":\"%s%d\"},\"data\":1}"
                        .formatted(GroupAccount.PREFIX, run, APP, GROUP, run);
        long begun = System.nanoTime();
        scene.publisher().sendRaw(Topics.REQUESTS, null, request.getBytes(UTF_8));
        double half = devices / 2.0 / CHUNK;
        await(() -> sum(purgers, CHUNKS) - before >= half, "half of the group");
        for (RoleProc purger : purgers) {
            if (Metrics.sum(purger, "pushgate_purger_expanding") > 0) {
                double chunks = sum(purgers, CHUNKS) - before;
                double doneBefore = othersDone(purgers, purger);
                scene.fault("kill -9 " + purger, Bounds.afterDeath(Kind.PURGER));
                purger.proc().kill9();
                scene.note(
                        "kill -9 of %s after %.0f chunks of %d".formatted(purger, chunks, CHUNK));
                await(() -> othersDone(purgers, purger) > doneBefore, "the rest of the group");
                scene.note(
                        "%d devices took %d s, the kill included"
                                .formatted(devices, (System.nanoTime() - begun) / 1_000_000_000L));
                purger.start();
                return;
            }
        }
        scene.expect(false, "no purger was at the group when half of it was done");
    }

    private static void account(Scene scene, List<Integer> waiting) {
        long none = waiting.stream().filter(count -> count == 0).count();
        long several = waiting.stream().filter(count -> count > 1).count();
        scene.note(
                "%d devices: %d have the message once, %d never, %d more than once"
                        .formatted(waiting.size(), waiting.size() - none - several, none, several));
        scene.expect(none == 0, none + " devices of the group have no message");
        scene.expect(several == 0, several + " devices of the group have it more than once");
    }

    private static double othersDone(List<RoleProc> purgers, RoleProc killed)
            throws InterruptedException {
        return sum(purgers.stream().filter(purger -> purger != killed).toList(), DONE);
    }

    private static double sum(List<RoleProc> roles, String meter) throws InterruptedException {
        double sum = 0;
        for (RoleProc role : roles) {
            sum += Metrics.sum(role, meter);
        }
        return sum;
    }

    private interface Condition {
        boolean holds() throws InterruptedException;
    }

    private static void await(Condition condition, String what) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        what + " was not there after " + PATIENCE.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
