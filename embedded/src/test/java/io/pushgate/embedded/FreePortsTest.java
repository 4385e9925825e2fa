package io.pushgate.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

class FreePortsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Kafka did not start on port 44577: Address already in use",
                "Redis did not start on port 44577: Failed listening on port 44577 (tcp), aborting."
            })
    void aPortThatWasTakenForAMomentWasTaken(String reason) {
        int port = FreePorts.take(1).getFirst();
        assertThat(FreePorts.wasTaken(port, new EmbeddedException(reason))).isTrue();
    }

    @Test
    void anotherFailureIsNoneOfThePort() {
        int port = FreePorts.take(1).getFirst();
        assertThat(FreePorts.wasTaken(port, new EmbeddedException("no space left"))).isFalse();
    }

    @Test
    void aPortThatIsStillTakenWas() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EmbeddedException failure = new EmbeddedException("whatever it says");
            assertThat(FreePorts.wasTaken(other.getLocalPort(), failure)).isTrue();
        }
    }
}
