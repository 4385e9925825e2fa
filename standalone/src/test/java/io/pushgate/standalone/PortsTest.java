package io.pushgate.standalone;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.runtime.StartupException;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

class PortsTest {
    private static final String HOST = "127.0.0.1";

    @Test
    void namesEveryTakenPortWithItsFlagInOneLine() throws Exception {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Ports.Wanted> wanted =
                    List.of(
                            new Ports.Wanted("--port", HOST, one.getLocalPort()),
                            new Ports.Wanted("--kafka-port", HOST, two.getLocalPort()),
                            new Ports.Wanted("--redis-port", HOST, 0));
            assertThatThrownBy(() -> Ports.requireFree(wanted))
                    .isInstanceOf(StartupException.class)
                    .hasMessage(
                            "port %d is taken: choose another one with --port; port %d is taken:"
                                    + " choose another one with --kafka-port",
                            one.getLocalPort(), two.getLocalPort());
        }
    }

    @Test
    void noticesAPortAskedForTwice() throws Exception {
        int free = freePort();
        List<Ports.Wanted> wanted =
                List.of(
                        new Ports.Wanted("--port", HOST, free),
                        new Ports.Wanted("--kafka-port", HOST, free));
        assertThatThrownBy(() -> Ports.requireFree(wanted))
                .hasMessage("port %d is asked for by --port and --kafka-port", free);
    }

    @Test
    void anyFreePortMayBeAskedForTwice() {
        List<Ports.Wanted> wanted =
                List.of(
                        new Ports.Wanted("--port", HOST, 0),
                        new Ports.Wanted("--kafka-port", HOST, 0));
        assertThatCode(() -> Ports.requireFree(wanted)).doesNotThrowAnyException();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
