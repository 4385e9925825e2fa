package io.pushgate.faults.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class FaultProxyTest {
    private static final int QUIET_MILLIS = 300;

    private final List<Socket> clients = new ArrayList<>();
    private EchoServer server;
    private FaultProxy proxy;

    FaultProxyTest() throws IOException {
        server = new EchoServer();
        proxy = FaultProxy.start(server.port(), () -> Tap.NONE);
    }

    @BeforeEach
    void passesEverythingAtFirst() throws IOException {
        Socket client = connect();
        assertThat(ask(client, "hello")).isEqualTo("hello");
    }

    @AfterEach
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        proxy.close();
        server.close();
    }

    @Test
    void latencyDelaysBothWaysAndKeepsOrder() throws IOException {
        Socket client = connect();
        proxy.latency(Duration.ofMillis(60), Duration.ofMillis(30));
        long begun = System.nanoTime();
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            String part = i + ",";
            sent.append(part);
            client.getOutputStream().write(part.getBytes(US_ASCII));
        }
        assertThat(read(client, sent.length())).isEqualTo(sent.toString());
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofMillis(119));
    }

    @Test
    void aStallHoldsEverythingBackAndLosesNothing() throws IOException {
        Socket client = connect();
        proxy.stall();
        client.getOutputStream().write("held".getBytes(US_ASCII));
        assertQuiet(client);
        proxy.heal();
        assertThat(read(client, 4)).isEqualTo("held");
    }

    @Test
    void newConnectionsStandDuringAStall() throws IOException {
        proxy.stall();
        Socket client = connect();
        client.getOutputStream().write("later".getBytes(US_ASCII));
        assertQuiet(client);
        proxy.heal();
        assertThat(read(client, 5)).isEqualTo("later");
    }

    @Test
    void aStallOfOneDirectionLetsTheOtherPass() throws IOException {
        Socket client = connect();
        ask(client, "up");
        Socket atServer = server.connections.getLast();
        proxy.stall(Direction.UP);
        client.getOutputStream().write("lost?".getBytes(US_ASCII));
        atServer.getOutputStream().write("down".getBytes(US_ASCII));
        assertThat(read(client, 4)).isEqualTo("down");
        assertQuiet(client);
        proxy.heal();
        assertThat(read(client, 5)).isEqualTo("lost?");
    }

    @Test
    void aStallOfSomeLinksLeavesTheOthersAlone() throws IOException {
        Socket chosen = connect();
        ask(chosen, "subscribe me");
        Socket other = connect();
        proxy.stall(Direction.DOWN, link -> link.began("SUBSCRIBE"));
        chosen.getOutputStream().write("a".getBytes(US_ASCII));
        assertThat(ask(other, "b")).isEqualTo("b");
        assertQuiet(chosen);
    }

    @Test
    void aCutBreaksEveryConnectionAndRefusesNewOnes() throws IOException {
        Socket client = connect();
        ask(client, "x");
        proxy.cut();
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class);
        await().until(() -> server.ends.contains("rst"));
        Socket refused = connect();
        assertThatThrownBy(() -> ask(refused, "y")).isInstanceOf(IOException.class);
        proxy.heal();
        assertThat(ask(connect(), "z")).isEqualTo("z");
    }

    @Test
    void aVanishedClientLeavesTheServerWaiting() throws IOException {
        Socket client = connect();
        ask(client, "x");
        assertThat(proxy.vanish(Direction.UP, _ -> true)).isGreaterThanOrEqualTo(1);
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class);
        Socket atServer = server.connections.getLast();
        atServer.getOutputStream().write("into the void".getBytes(US_ASCII));
        assertThat(ask(connect(), "new")).isEqualTo("new");
        assertThat(server.ends).isEmpty();
        proxy.heal();
        await().until(() -> server.ends.contains("rst"));
    }

    @Test
    void aVanishedServerLeavesTheClientWaiting() throws IOException {
        Socket client = connect();
        ask(client, "x");
        int _ = proxy.vanish(Direction.DOWN, _ -> true);
        await().until(() -> server.ends.contains("rst"));
        client.getOutputStream().write("anybody?".getBytes(US_ASCII));
        assertQuiet(client);
        assertThat(ask(connect(), "new")).isEqualTo("new");
    }

    @Test
    void aFinTravelsBothWays() throws IOException {
        Socket client = connect();
        ask(client, "x");
        client.shutdownOutput();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(server.ends).contains("fin");
        await().until(() -> proxy.connections() == 1);
    }

    @Test
    void theRateIsKept() throws IOException {
        Socket client = connect();
        proxy.rate(1_000);
        long begun = System.nanoTime();
        String text = "x".repeat(250);
        assertThat(ask(client, text)).isEqualTo(text);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofMillis(190));
    }

    @Test
    void aResetHitsTheChosenOnesOnly() throws IOException {
        Socket client = connect();
        ask(client, "victim");
        int hit = proxy.reset(link -> link.began("VICTIM"));
        assertThat(hit).isEqualTo(1);
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class);
        assertThat(ask(clients.getFirst(), "still here")).isEqualTo("still here");
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setTcpNoDelay(true);
        clients.add(client);
        return client;
    }

    private static String ask(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(US_ASCII));
        return read(client, text.length());
    }

    private static String read(Socket client, int bytes) throws IOException {
        client.setSoTimeout(10_000);
        byte[] read = client.getInputStream().readNBytes(bytes);
        if (read.length < bytes) {
            throw new IOException("the connection ended");
        }
        return new String(read, US_ASCII);
    }

    private static void assertQuiet(Socket client) throws IOException {
        client.setSoTimeout(QUIET_MILLIS);
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
    }
}
