package io.pushgate.faults;

import io.pushgate.faults.cluster.ClusterUnderTest;
import io.pushgate.faults.cluster.Topology;
import io.pushgate.faults.process.DebianPackage;
import io.pushgate.faults.scenario.Scenario;
import io.pushgate.faults.scenario.Shape;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The fault harness: runs scenarios on a cluster of real processes and tells what did not hold. */
public final class Faults {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);
    private static final int PAYLOAD_BYTES = 200;
    private static final int OK = 0;
    private static final int FAILED = 1;

    private final FaultsOptions options;
    private final PrintStream out;
    private final Path dir;
    private final List<Result> results = new ArrayList<>();
    private @Nullable ClusterUnderTest cluster;
    private int clusters;

    private Faults(FaultsOptions options, PrintStream out, Path dir) {
        this.options = options;
        this.out = out;
        this.dir = dir;
    }

    /**
     * Runs what the options say. A cluster is started once and serves all scenarios with its kind
     * of Redis, one after the other; one that a scenario left broken is replaced.
     *
     * @param out progress, details and the table
     * @return 0 where everything held, 1 where something did not
     * @throws InterruptedException where the thread was interrupted; every process is gone then
     */
    public static int run(FaultsOptions options, PrintStream out) throws InterruptedException {
        if (options.list()) {
            for (Scenario scenario : Scenarios.all()) {
                out.printf("%-28s %s%n", scenario.name(), scenario.summary());
            }
            return OK;
        }
        Path dir = folder(options.dir());
        Faults faults = new Faults(options, out, dir);
        boolean good = false;
        try {
            good = faults.rounds();
        } finally {
            faults.closeCluster();
            if (good && options.dir() == null) {
                deleteTree(dir);
            } else {
                out.println("logs and data are in " + dir);
            }
        }
        return good ? OK : FAILED;
    }

    /** Everything that the chosen scenarios need is there, or this says what is missing. */
    public static void prepare(FaultsOptions options) throws InterruptedException {
        for (Scenario scenario : chosen(options)) {
            for (DebianPackage needed : scenario.packages()) {
                needed.install();
            }
        }
    }

    private static List<Scenario> chosen(FaultsOptions options) {
        return options.scenarios().isEmpty()
                ? Scenarios.all()
                : options.scenarios().stream()
                        .map(name -> Scenarios.find(name).orElseThrow())
                        .toList();
    }

    private boolean rounds() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(options.minutes());
        long seed = options.seed();
        do {
            round(seed++, end);
        } while (options.minutes() > 0 && System.nanoTime() - end < 0);
        String table = Report.table(results);
        out.println();
        out.print(table);
        results.stream().filter(r -> !r.isGood()).forEach(r -> out.print("\n" + Report.details(r)));
        write(table);
        return results.stream().allMatch(Result::isGood);
    }

    private void round(long seed, long end) throws InterruptedException {
        // One cluster at a time: those that share one come together, otherwise as asked.
        List<Scenario> ordered =
                chosen(options).stream().sorted(Comparator.comparing(Scenario::topology)).toList();
        for (Scenario scenario : ordered) {
            if (options.minutes() > 0 && !results.isEmpty() && System.nanoTime() - end > 0) {
                return;
            }
            Result result = run(scenario, seed);
            results.add(result);
            out.println();
            out.print(Report.details(result));
            out.println();
            out.flush();
        }
    }

    private Result run(Scenario scenario, long seed) throws InterruptedException {
        Shape asked =
                new Shape(
                        options.devices(),
                        options.rate(),
                        PAYLOAD_BYTES,
                        options.length(),
                        options.shortForm());
        ClusterUnderTest whole = cluster(scenario.topology());
        out.printf("%s (seed %d): %s%n", scenario.name(), seed, scenario.summary());
        boolean returned = false;
        try {
            scenario.packages().forEach(DebianPackage::require);
            Result result =
                    new ScenarioRun(whole, scenario, asked, seed, results.size(), this::progress)
                            .run();
            returned = result.isSound();
            return result;
        } catch (RuntimeException e) {
            log.warn("{} could not be carried through", scenario.name(), e);
            return Result.aborted(scenario.name(), seed, String.valueOf(e.getMessage()));
        } finally {
            if (!returned) {
                closeCluster();
            }
        }
    }

    private void progress(String line) {
        out.println("  " + line);
        out.flush();
    }

    private ClusterUnderTest cluster(Topology topology) throws InterruptedException {
        ClusterUnderTest current = cluster;
        if (current != null && current.topology() == topology) {
            return current;
        }
        closeCluster();
        Path folder = unusedFolder();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println("starting a cluster with Redis as " + topology + " in " + folder);
        long begun = System.nanoTime();
        ClusterUnderTest started = ClusterUnderTest.start(topology, folder);
        cluster = started;
        out.printf("ready after %d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
        return started;
    }

    /**
     * What an earlier run left in its folders would be known to Redis and Kafka: its ids are ours.
     */
    private Path unusedFolder() {
        Path folder;
        do {
            folder = dir.resolve("cluster-" + ++clusters);
        } while (Files.exists(folder));
        return folder;
    }

    private void closeCluster() {
        ClusterUnderTest current = cluster;
        if (current != null) {
            cluster = null;
            try {
                current.close();
            } catch (IllegalStateException e) {
                log.warn("not everything of the cluster could be closed", e);
            }
        }
    }

    private void write(String table) {
        Path report = options.report();
        if (report == null) {
            return;
        }
        try {
            Files.writeString(report, table);
        } catch (IOException e) {
            throw new UncheckedIOException("the report cannot be written", e);
        }
    }

    private static Path folder(@Nullable Path wanted) {
        try {
            return wanted == null
                    ? Files.createTempDirectory("pushgate-faults-")
                    : Files.createDirectories(wanted.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException("there is no folder to work in", e);
        }
    }

    private static void deleteTree(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            log.debug("a temporary folder stays", e);
        }
    }
}
