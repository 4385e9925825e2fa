package io.pushgate.faults;

import io.pushgate.faults.load.Account;

import java.time.Duration;
import java.util.List;

/**
 * What came of one run of a scenario.
 *
 * @param recoverP50Nanos how long a fault held up the messages of a device, the median over devices
 *     and faults; -1 where there was none
 * @param recoverMaxNanos the longest
 * @param failures what was promised and did not hold, one line each; empty is good
 * @param missed bounds that this machine is too small for, a few words each; empty is good
 * @param offences messages that do not add up, with their lives
 * @param notes worth telling
 * @param took all of it, with the wait for the last messages
 */
record Result(
        String scenario,
        long seed,
        Account.Totals totals,
        long recoverP50Nanos,
        long recoverMaxNanos,
        List<String> failures,
        List<String> missed,
        List<String> offences,
        List<String> notes,
        Duration took) {
    /** The scenario could not be carried through. */
    static Result aborted(String scenario, long seed, String why) {
        return new Result(
                scenario,
                seed,
                new Account("-").totals(),
                -1,
                -1,
                List.of("could not be carried through: " + why),
                List.of(),
                List.of(),
                List.of(),
                Duration.ZERO);
    }

    /** Whether all that was promised was shown to hold. */
    boolean isGood() {
        return failures.isEmpty() && missed.isEmpty();
    }

    /** Whether the cluster did as it should, as far as it got. */
    boolean isSound() {
        return failures.isEmpty();
    }

    /** What came of it, in a few words. */
    String outcome() {
        if (!isSound()) {
            return "FAILED";
        }
        return isGood() ? "ok" : "missed: " + String.join("; ", missed);
    }
}
