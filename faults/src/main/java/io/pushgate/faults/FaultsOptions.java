package io.pushgate.faults;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a run of the harness does.
 *
 * @param scenarios names, in this order; empty for all
 * @param seed of the schedules and of the load
 * @param minutes how long to go on, each round with the next seed; 0 for one round
 * @param devices connected in each scenario, unless it says otherwise
 * @param rate messages a second over all devices, unless the scenario says otherwise
 * @param seconds how long a scenario publishes at least
 * @param shortForm shorter steps, for a build
 * @param report where the table is written too
 * @param dir for logs and data; null for a temporary folder, kept where something failed
 * @param list whether to list the scenarios and do nothing
 */
public record FaultsOptions(
        List<String> scenarios,
        long seed,
        int minutes,
        int devices,
        int rate,
        int seconds,
        boolean shortForm,
        @Nullable Path report,
        @Nullable Path dir,
        boolean list) {
    public static final int DEFAULT_DEVICES = 1_000;
    public static final int DEFAULT_RATE = 100;
    public static final int DEFAULT_SECONDS = 30;

    /**
     * @throws IllegalArgumentException in words for the person who typed the value
     */
    public FaultsOptions {
        scenarios = List.copyOf(scenarios);
        check(devices >= 3 && devices <= 5_000, "devices must be 3 to 5,000");
        check(rate >= 1 && rate <= 5_000, "the rate must be 1 to 5,000");
        check(seconds >= 5 && seconds <= 3_600, "seconds must be 5 to 3,600");
        check(minutes >= 0, "minutes must not be negative");
        for (String name : scenarios) {
            check(Scenarios.find(name).isPresent(), "there is no scenario " + name);
        }
    }

    /** Every scenario once, with the defaults. */
    public static FaultsOptions all(long seed) {
        return new FaultsOptions(
                List.of(),
                seed,
                0,
                DEFAULT_DEVICES,
                DEFAULT_RATE,
                DEFAULT_SECONDS,
                false,
                null,
                null,
                false);
    }

    /** What a build runs: some scenarios, at a lower rate, in about a minute and a half. */
    public static FaultsOptions shortForm(long seed, List<String> scenarios) {
        return new FaultsOptions(scenarios, seed, 0, 100, 100, 12, true, null, null, false);
    }

    Duration length() {
        return Duration.ofSeconds(seconds);
    }

    private static void check(boolean ok, String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}
