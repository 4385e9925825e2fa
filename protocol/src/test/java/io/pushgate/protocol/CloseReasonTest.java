package io.pushgate.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseReasonTest {
    @Test
    void hasOneCodeAndOneWordEach() {
        assertThat(CloseReason.values()).extracting(CloseReason::code).doesNotHaveDuplicates();
        assertThat(CloseReason.values()).extracting(CloseReason::reason).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void fitsIntoACloseFrame(CloseReason reason) {
        // RFC 6455: 1000-2999 are the protocol's own, 4000-4999 are free for us.
        assertThat(reason.code()).matches(c -> (c > 1000 && c < 1016) || (c >= 4000 && c < 5000));
        assertThat(reason.reason()).matches("[a-z_]{1,32}");
        assertThat(CloseReason.reconnectAfter(reason.code())).isEqualTo(reason.reconnect());
    }

    @Test
    void tellsClientsToTryAgainAfterAnUnknownCode() {
        assertThat(CloseReason.reconnectAfter(1006)).isTrue();
        assertThat(CloseReason.reconnectAfter(4999)).isTrue();
    }
}
