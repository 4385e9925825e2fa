package io.pushgate.cli;

import io.pushgate.faults.Faults;
import io.pushgate.faults.FaultsOptions;
import io.pushgate.faults.process.PrivateNetwork;
import io.pushgate.standalone.Errors;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

@Command(
        name = "faults",
        header =
                "Kills, pauses and cuts off a cluster of real processes, and accounts for each push.",
        description =
                "%nStarts several of each role with a Redis and a Kafka of their own, on this machine"
                        + " only. Fails where a push was lost, doubled or out of order, or a recovery"
                        + " took too long; prints the seed that repeats the run.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate faults --list",
            "  ./pushgate faults --scenario kill-access-server --seed 7",
            "  ./pushgate faults --minutes 60"
        })
final class FaultsCommand extends Subcommand {
    private static final int MAX_RANDOM_SEED = 1_000_000;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            description = "One scenario; may be given several times (default: every one).")
    private List<String> scenarios = List.of();

    @Option(names = "--list", description = "Lists the scenarios, and does nothing else.")
    private boolean list;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the faults and the load (default: a random one).")
    private @Nullable Long seed;

    @Option(
            names = "--minutes",
            defaultValue = "0",
            paramLabel = "M",
            description = "Goes round with new seeds for so long (default: one round).")
    private int minutes;

    @Option(
            names = "--devices",
            defaultValue = "" + FaultsOptions.DEFAULT_DEVICES,
            paramLabel = "N",
            description = "Devices that are connected (default: ${DEFAULT-VALUE}).")
    private int devices;

    @Option(
            names = "--rate",
            defaultValue = "" + FaultsOptions.DEFAULT_RATE,
            paramLabel = "N",
            description = "Pushes a second over all devices (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--seconds",
            defaultValue = "" + FaultsOptions.DEFAULT_SECONDS,
            paramLabel = "N",
            description = "How long a scenario publishes at least (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--short", description = "Shorter steps, and pauses of 12 s instead of 20 s.")
    private boolean shortForm;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Writes the table here too, as Markdown.")
    private @Nullable Path report;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "For logs and data (default: a temporary folder, kept if something failed).")
    private @Nullable Path dir;

    @Override
    public Integer call() throws Exception {
        FaultsOptions options = options();
        if (!list && PrivateNetwork.isPossible() && !PrivateNetwork.isInside()) {
            Faults.prepare(options); // from inside there is no way to the packages
            return PrivateNetwork.runAgain();
        }
        return Faults.run(options, System.out);
    }

    private FaultsOptions options() {
        try {
            return new FaultsOptions(
                    scenarios,
                    seed == null ? ThreadLocalRandom.current().nextLong(MAX_RANDOM_SEED) : seed,
                    minutes,
                    devices,
                    rate,
                    seconds,
                    shortForm,
                    report,
                    dir,
                    list);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(Errors.reason(e), e);
        }
    }
}
