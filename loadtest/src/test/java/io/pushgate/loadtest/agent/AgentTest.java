package io.pushgate.loadtest.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.loadtest.LoadTestException;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** What an agent answers to whoever comes in. */
@Timeout(30)
class AgentTest {
    private static final String HELLO = "{\"t\":\"hello\",\"version\":1}";

    @SuppressWarnings("NullAway.Init")
    private Agent agent;

    @BeforeEach
    void start() throws Exception {
        agent = Agent.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    /** A coordinator without manners. */
    private final class Visitor implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Visitor() throws IOException {
            socket = new Socket(agent.address().getAddress(), agent.address().getPort());
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        }

        @Nullable String ask(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
            return in.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void servesOneCoordinatorAtATime() throws Exception {
        Visitor first = new Visitor();
        assertThat(first.ask(HELLO)).contains("\"t\":\"ready\"", "\"maxConnections\":");
        try (Visitor second = new Visitor()) {
            assertThat(second.ask(HELLO))
                    .contains("\"t\":\"refused\"", "busy with the coordinator at 127.0.0.1:");
            assertThat(second.in.readLine()).isNull();
        }
        assertThat(first.ask("{\"t\":\"ask\",\"at\":5}"))
                .contains("\"t\":\"clock\"", "\"asked\":5");
        first.close();
        Awaitility.await()
                .untilAsserted(
                        () -> {
                            try (Visitor next = new Visitor()) {
                                assertThat(next.ask(HELLO)).contains("\"t\":\"ready\"");
                            }
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"t":"ask","at":5}                    | say hello first
                    {"t":"hello","version":99}            | this agent speaks version 1, not 99
                    GET / HTTP/1.1                        | not a control message
                    {"t":"hello"}                         | not a control message
                    """)
    void refusesAnybodyElse(String line, String why) throws Exception {
        try (Visitor visitor = new Visitor()) {
            assertThat(visitor.ask(line)).contains("\"t\":\"refused\"", why);
            assertThat(visitor.in.readLine()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"t":"connect"}                       | the agent has no devices yet
                    {"t":"finish"}                        | the agent has no devices yet
                    {"t":"tokens","tokens":["x"]}         | the agent has no devices yet
                    {"t":"result"}                        | not a control message
                    """)
    void refusesWhatIsNotItsTurn(String line, String why) throws Exception {
        try (Visitor visitor = new Visitor()) {
            assertThat(visitor.ask(HELLO)).contains("\"t\":\"ready\"");
            assertThat(visitor.ask(line)).contains("\"t\":\"refused\"", why);
        }
    }

    @Test
    void aPortThatIsTakenIsOneClearLine() {
        assertThatThrownBy(() -> Agent.start(agent.address()))
                .isInstanceOf(LoadTestException.class)
                .hasMessageStartingWith("cannot listen on ");
    }
}
