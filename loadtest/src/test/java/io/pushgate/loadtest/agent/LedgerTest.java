package io.pushgate.loadtest.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.loadtest.control.Plan;
import io.pushgate.loadtest.control.Shape;

import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Plan plan = new Plan("r", "load", 3, Shape.USER, 9, 3, 100, 10);
    private final Ledger ledger = new Ledger(plan);

    @Test
    void eachDeviceOfAUserGetsIt() {
        int first = plan.firstDevice(5);
        for (int device = first; device < first + 3; device++) {
            assertThat(ledger.handed(device, 5, Ledger.NONE)).isTrue();
        }
        assertThat(ledger.delivered).isEqualTo(3);
        assertThat(ledger.received().cardinality()).isEqualTo(3);
        assertThat(ledger.doubled + ledger.outOfOrder + ledger.unexpected).isZero();
    }

    @Test
    void theSecondTimeIsADouble() {
        int device = plan.firstDevice(5);
        assertThat(ledger.handed(device, 5, Ledger.NONE)).isTrue();
        assertThat(ledger.handed(device, 5, 5)).isFalse();
        assertThat(ledger.doubled).isEqualTo(1);
        assertThat(ledger.delivered).isEqualTo(1);
    }

    @Test
    void whatIsOlderThanTheNewestIsOutOfOrder() {
        assertThat(ledger.handed(plan.firstDevice(5), 5, 6)).isTrue();
        assertThat(ledger.outOfOrder).isEqualTo(1);
        assertThat(ledger.delivered).isEqualTo(1);
    }

    @Test
    void whatIsForAnotherDeviceOrNoneIsUnexpected() {
        int stranger = (plan.firstDevice(5) + 3) % 9;
        assertThat(ledger.handed(stranger, 5, Ledger.NONE)).isFalse();
        assertThat(ledger.handed(0, 100, Ledger.NONE)).isFalse();
        assertThat(ledger.handed(0, -1, Ledger.NONE)).isFalse();
        assertThat(ledger.unexpected).isEqualTo(3);
        assertThat(ledger.delivered).isZero();
    }
}
