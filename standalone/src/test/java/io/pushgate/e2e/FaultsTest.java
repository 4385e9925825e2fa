package io.pushgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.faults.Faults;
import io.pushgate.faults.FaultsOptions;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;

/**
 * The short form of {@code ./pushgate faults}: roles as processes of their own, killed and
 * restarted under load. The long form, and its results, are in {@code docs/guarantees.md}.
 */
class FaultsTest {
    @Test
    @Timeout(600)
    void nothingIsLostDoubledOrOutOfOrder() throws Exception {
        long seed = Seeds.random().nextInt(1_000_000);
        int exit =
                Faults.run(
                        FaultsOptions.shortForm(
                                seed,
                                List.of("kill-purger", "kill-access-server", "rolling-restart")),
                        System.out);
        assertThat(exit).as("faults with seed %d; its report is above", seed).isZero();
    }
}
