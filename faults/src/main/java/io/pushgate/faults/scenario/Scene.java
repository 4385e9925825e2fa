package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.ClusterUnderTest;
import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;
import io.pushgate.faults.load.Account;
import io.pushgate.faults.load.Devices;
import io.pushgate.faults.load.Publisher;
import io.pushgate.runtime.Closer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** What the steps of a plan work with, and where they say what they did. Any thread. */
public final class Scene {
    /**
     * A fault that took place.
     *
     * @param nanos when, a reading of {@link System#nanoTime}
     * @param devices whom it concerns
     * @param bound how long it may hold up a message of theirs, null where nothing is promised
     */
    public record Fault(String what, long nanos, IntPredicate devices, @Nullable Duration bound) {}

    private final ClusterUnderTest cluster;
    private final Devices devices;
    private final Publisher publisher;
    private final Account account;
    private final long seed;
    private final Consumer<String> log;
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Closer closer;

    /**
     * @param closer of the scenario
     * @param log told one line at a time what happens
     */
    public Scene(
            ClusterUnderTest cluster,
            Devices devices,
            Publisher publisher,
            Account account,
            long seed,
            Closer closer,
            Consumer<String> log) {
        this.cluster = cluster;
        this.devices = devices;
        this.publisher = publisher;
        this.account = account;
        this.seed = seed;
        this.closer = closer;
        this.log = log;
    }

    public ClusterUnderTest cluster() {
        return cluster;
    }

    public Devices devices() {
        return devices;
    }

    public Publisher publisher() {
        return publisher;
    }

    public Account account() {
        return account;
    }

    public RoleProc role(Kind kind, int index) {
        return cluster.roles(kind).get(index);
    }

    /** A generator of its own for each name, always the same for a seed. */
    public SplittableRandom random(String name) {
        return new SplittableRandom(seed ^ name.hashCode());
    }

    /** A fault takes place now that concerns every device. */
    public void fault(String what, @Nullable Duration bound) {
        fault(what, _ -> true, bound);
    }

    /**
     * A fault takes place now that concerns the devices of one access node; but for those whose app
     * is started again meanwhile: it may begin at that node again, and has its patience to wait.
     */
    public void faultOf(RoleProc access, @Nullable Duration bound) {
        long now = System.nanoTime();
        int[] on = devices.on(access.nodeId());
        Arrays.sort(on);
        fault(
                access.nodeId(),
                device ->
                        Arrays.binarySearch(on, device) >= 0
                                && !devices.wasRestartedSince(device, now),
                bound);
    }

    public synchronized void fault(String what, IntPredicate concerned, @Nullable Duration bound) {
        faults.add(new Fault(what, System.nanoTime(), concerned, bound));
    }

    /** A fault that concerns every device took place at that moment, and is known by now. */
    public synchronized void faultAt(String what, long nanos, @Nullable Duration bound) {
        faults.add(new Fault(what, nanos, _ -> true, bound));
        faults.sort((a, b) -> Long.signum(a.nanos() - b.nanos()));
    }

    /** Something has to hold that the account does not say by itself. */
    public synchronized void expect(boolean holds, String otherwise) {
        if (!holds) {
            broken.add(otherwise);
            log.accept("BROKEN: " + otherwise);
        }
    }

    /**
     * A bound was missed for want of what only a larger machine has: no fault of the gateway, and
     * no success.
     *
     * @param why a few words for the table
     */
    public synchronized void miss(String why) {
        missed.add(why);
        log.accept("MISSED: " + why);
    }

    /** Something worth telling in the report. */
    public synchronized void note(String note) {
        notes.add(note);
        log.accept(note);
    }

    /** Closed when the scenario is over, however it ends, the newest first. */
    public synchronized <T extends AutoCloseable> T own(T resource) {
        return closer.add(resource);
    }

    public void sleep(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    public synchronized List<Fault> faults() {
        return List.copyOf(faults);
    }

    public synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    public synchronized List<String> missed() {
        return List.copyOf(missed);
    }

    public synchronized List<String> notes() {
        return List.copyOf(notes);
    }
}
