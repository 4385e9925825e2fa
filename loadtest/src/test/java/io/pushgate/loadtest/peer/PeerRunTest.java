package io.pushgate.loadtest.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.machine.Processes;
import io.pushgate.loadtest.peer.PeerConfig.Case;
import io.pushgate.loadtest.report.PeerReport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

@Timeout(60)
class PeerRunTest {
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    private PeerResult run(PeerConfig config) throws LoadTestException {
        return run(config, Duration.ofSeconds(10));
    }

    private PeerResult run(PeerConfig config, Duration drain) throws LoadTestException {
        long pid = ProcessHandle.current().pid();
        return PeerRun.run(
                config,
                drain,
                List.of(new Processes.Watched("server", pid)),
                new PrintStream(progress, true, UTF_8));
    }

    private static PeerConfig config(ChatServer server, Case kind, int connections) {
        return new PeerConfig(
                server.url(), connections, kind, 200, 1, 100, 1_000, null, Map.of("X-Who", "me"));
    }

    @Test
    void everyEchoIsCounted() throws Exception {
        try (ChatServer server = new ChatServer(false, 0)) {
            PeerConfig config = config(server, Case.ECHO, 20);
            PeerResult result = run(config);
            String text = String.join("\n", PeerReport.lines(config, result));
            assertThat(result.failed(config)).as(text).isFalse();
            assertThat(result.sent()).isEqualTo(200);
            assertThat(result.received()).isEqualTo(200);
            assertThat(result.latency().count()).isEqualTo(200);
            assertThat(result.latency().p50()).isPositive();
            assertThat(result.costs()).extracting("name").contains("server");
            assertThat(text).contains("result: passed", "received                 200 of 200");
        }
    }

    @Test
    void aBroadcastReachesAllOthers() throws Exception {
        try (ChatServer server = new ChatServer(true, 0)) {
            PeerConfig config = config(server, Case.BROADCAST, 10);
            PeerResult result = run(config);
            assertThat(result.failed(config)).isFalse();
            assertThat(result.received()).isEqualTo(200 * 9);
            assertThat(result.doubled()).isZero();
        }
    }

    @Test
    void whatAServerLosesIsMissing() throws Exception {
        try (ChatServer server = new ChatServer(false, 50)) {
            PeerConfig config = config(server, Case.ECHO, 5);
            PeerResult result = run(config, Duration.ofMillis(500));
            assertThat(result.missing()).isEqualTo(4);
            assertThat(result.failed(config)).isTrue();
        }
    }

    @Test
    void idleConnectionsAreHeld() throws Exception {
        try (ChatServer server = new ChatServer(false, 0)) {
            PeerConfig config = config(server, Case.IDLE, 30);
            PeerResult result = run(config);
            assertThat(result.failed(config)).isFalse();
            assertThat(result.connected()).isEqualTo(30);
            assertThat(result.sent()).isZero();
        }
    }

    @Test
    void anAddressThatIsNoneIsOneClearLine() {
        PeerConfig config = new PeerConfig("http://x", 1, Case.IDLE, 1, 1, 100, 1, null, Map.of());
        assertThatThrownBy(() -> run(config))
                .isInstanceOf(LoadTestException.class)
                .hasMessage("not a ws:// address: http://x");
    }
}
