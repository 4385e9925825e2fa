package io.pushgate.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.faults.load.Account;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class ResultTest {
    @Test
    void whatTheMachineIsTooSmallForIsNeitherOkNorFailed() {
        Result missed = result(List.of(), List.of("machine full (idle 2%)"));
        assertThat(missed.isSound()).isTrue();
        assertThat(missed.isGood()).isFalse();
        assertThat(Report.table(List.of(missed))).endsWith("| missed: machine full (idle 2%) |\n");
        assertThat(Report.details(missed)).contains("again: ");
    }

    @Test
    void aFailureOutweighsWhatIsMissed() {
        assertThat(result(List.of("lost"), List.of("machine full")).outcome()).isEqualTo("FAILED");
        assertThat(result(List.of(), List.of()).outcome()).isEqualTo("ok");
    }

    private static Result result(List<String> failures, List<String> missed) {
        return new Result(
                "hot-device",
                1,
                new Account("-").totals(),
                -1,
                -1,
                failures,
                missed,
                List.of(),
                List.of(),
                Duration.ZERO);
    }
}
