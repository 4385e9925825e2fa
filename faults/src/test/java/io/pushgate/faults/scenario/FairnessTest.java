package io.pushgate.faults.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.faults.scenario.Fairness.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FairnessTest {
    @ParameterizedTest
    @CsvSource({
        // without, control, with, idle
        "50, 300, 100, 0.02, HELD",
        "50, 50, 101, 0.02, UNFAIR",
        "50, 199, 400, 0.02, UNFAIR",
        "50, 200, 400, 0.02, MACHINE_FULL",
        "50, 200, 400, 0.10, SLOW",
        // below the floor of 25 ms both bounds are 50 ms
        "3, 4, 50, 0.50, HELD",
        "3, 4, 51, 0.50, UNFAIR",
        "3, 40, 51, 0.50, SLOW",
    })
    void bothBoundsAndTheProcessorsDecide(
            double without, double control, double with, double idle, Verdict verdict) {
        assertThat(new Fairness(without, control, with, idle).verdict()).isEqualTo(verdict);
    }

    @Test
    void theLineSaysWhichBoundWasMissed() {
        assertThat(new Fairness(50, 200, 350, 0.02).describe("quiet ones"))
                .isEqualTo(
                        "p99 of quiet ones: 50.0 ms without, 200.0 ms in the control, 350.0 ms with;"
                                + " 2x control held, 2x without missed; 2% idle");
    }
}
