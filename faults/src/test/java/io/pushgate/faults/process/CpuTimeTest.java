package io.pushgate.faults.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuTimeTest {
    @Test
    void waitingForADiskIsIdleAndGuestsAreNotCountedTwice() {
        CpuTime time = CpuTime.parse("cpu  100 1 20 300 40 0 5 6 70 0");
        assertThat(time.idle()).isEqualTo(340);
        assertThat(time.all()).isEqualTo(472);
    }

    @Test
    void theIdleShareIsThatOfTheTimeBetweenTwoReadings() {
        CpuTime earlier = new CpuTime(1_000, 5_000);
        assertThat(new CpuTime(1_050, 5_200).idleSince(earlier)).isEqualTo(0.25);
        assertThat(earlier.idleSince(earlier)).isZero();
    }
}
