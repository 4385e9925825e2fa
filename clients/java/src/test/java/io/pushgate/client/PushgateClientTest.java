package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.pushgate.client.TestGateway.Peer;
import io.pushgate.client.TestGateway.Refusal;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.testkit.LeakCheck;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The client against a scripted gateway over loopback. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class PushgateClientTest {
    private final TestGateway gateway = new TestGateway();
    private final Recorded app = new Recorded();
    private final List<PushgateClient> clients = new ArrayList<>();

    @AfterEach
    void closeAll() {
        clients.forEach(PushgateClient::close);
        gateway.close();
    }

    @Test
    void introducesItselfInTheHandshake() throws Exception {
        start(builder().clientVersion("pos-1.2"));
        Peer peer = gateway.welcome();
        assertThat(peer.target).isEqualTo("/v1/ws?version=pos-1.2&cursors=");
        assertThat(peer.headers.get("authorization")).isEqualTo("Bearer to.ke.n");
        assertThat(peer.headers.get("user-agent")).isEqualTo("pushgate-client/pos-1.2");
        assertThat(peer.headers.get("sec-websocket-protocol")).isEqualTo("pushgate.v1.json");
        assertThat(peer.headers.contains("origin")).isFalse();
        assertThat(peer.headers.contains("sec-websocket-extensions")).isFalse();
        await().until(() -> !app.connected.isEmpty());
        assertThat(app.connected)
                .containsExactly(new Connected("test-1", Duration.ofSeconds(30), 64));
    }

    @Test
    void handsOnAndAcksCumulatively() throws Exception {
        PushgateClient client = start(builder());
        Peer peer = gateway.welcome();
        for (int i = 1; i <= 100; i++) {
            peer.send(push(i));
        }
        await().until(() -> app.messages().size() == 100);
        assertThat(app.ids()).isEqualTo(ids(1, 100));
        PushMessage first = app.messages().getFirst();
        assertThat(first.data()).isEqualTo("{\"n\":1}");
        assertThat(first.position()).isEqualTo(new Position(1, 0));
        assertThat(first.acceptedAt()).isEqualTo(1_001);
        int acks = 1;
        while (!peer.next().equals(ack(100))) {
            acks++;
        }
        assertThat(acks).as("acks for 100 messages").isLessThanOrEqualTo(100);
        assertThat(peer.unread()).isZero();
        assertThat(client.isConnected()).isTrue();
    }

    @Test
    void messagesOfOneReadAreAckedOnce() throws Exception {
        start(builder());
        Peer peer = gateway.welcome();
        await().until(() -> !app.connected.isEmpty());
        peer.sendTogether(IntStream.rangeClosed(1, 50).mapToObj(i -> push(i)).toList());
        await().until(() -> app.messages().size() == 50);
        List<String> acks = new ArrayList<>();
        do {
            acks.add(peer.next());
        } while (!acks.getLast().equals(ack(50)));
        assertThat(acks).hasSizeLessThan(10);
    }

    @Test
    void resumesAfterTheLastMessageAndDropsRepeats() throws Exception {
        start(builder());
        Peer first = gateway.welcome();
        first.send(push(1)).send(push(2));
        await().until(() -> app.messages().size() == 2);
        first.drop();

        Peer second = gateway.welcome();
        assertThat(second.target).endsWith("&last=m-2");
        second.send(push(1)).send(push(2)).send(push(3)).send(push(1));
        await().until(() -> app.messages().size() == 3);
        assertThat(app.ids()).isEqualTo(ids(1, 3));
        awaitFrame(second, ack(3));
        assertThat(app.disconnected.getFirst().willReconnect()).isTrue();
        assertThat(app.disconnected.getFirst().code()).isEqualTo(Disconnected.ABNORMAL);
    }

    @Test
    void broadcastLogsHaveAnOrderAnAckAndACursorOfTheirOwn() throws Exception {
        start(builder());
        Peer first = gateway.welcome();
        first.send(ofLog("all", 5)).send(push(3)).send(ofLog("g.till", 2)).send(ofLog("all", 4));
        awaitFrame(first, "{\"t\":\"ack\",\"pos\":\"2-0\",\"log\":\"g.till\"}");
        assertThat(app.ids()).containsExactly("all-5", "m-3", "g.till-2");
        assertThat(app.messages().getFirst().log()).isEqualTo("all");
        assertThat(app.messages().get(1).log()).isNull();
        first.drop();

        Peer second = gateway.welcome();
        assertThat(second.target).endsWith("&cursors=all:5-0,g.till:2-0&last=m-3");
        second.send(ofLog("all", 5)).send(ofLog("all", 6));
        awaitFrame(second, "{\"t\":\"ack\",\"pos\":\"6-0\",\"log\":\"all\"}");
        assertThat(app.ids()).endsWith("g.till-2", "all-6");
        assertThat(app.errors).isEmpty();
    }

    @Test
    void aResetIsToldInItsPlaceAndMovesTheCursor() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        start(
                builder()
                        .listener(
                                new PushgateListener() {
                                    @Override
                                    public void onMessage(PushMessage message) {
                                        heard.add(message.id());
                                    }

                                    @Override
                                    public void onReset(String log) {
                                        heard.add("reset " + log);
                                    }
                                }));
        Peer first = gateway.welcome();
        first.send(ofLog("all", 5)).send(new ServerFrame.Reset("all", new Position(80, 0)));
        first.send(ofLog("all", 7)); // from before it: can't be, and would be out of order
        first.send(push(1));
        await().until(() -> heard.size() == 3);
        assertThat(heard).containsExactly("all-5", "reset all", "m-1");
        first.drop();
        assertThat(gateway.welcome().target).contains("&cursors=all:80-0&");
    }

    @Test
    void aRecallGoesToTheLogThatItNames() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        start(
                builder()
                        .listener(
                                new PushgateListener() {
                                    @Override
                                    public void onMessage(PushMessage message) {
                                        heard.add(message.id());
                                    }

                                    @Override
                                    public void onRecall(String messageId) {
                                        heard.add("recall " + messageId);
                                    }
                                }));
        Peer peer = gateway.welcome();
        peer.send(ofLog("all", 5)).send(new ServerFrame.Recall(new Position(5, 0), "no-5", null));
        peer.send(new ServerFrame.Recall(new Position(5, 0), "all-5", "all")).send(push(1));
        await().until(() -> heard.contains("m-1"));
        assertThat(heard).containsExactly("all-5", "recall all-5", "m-1");
    }

    @Test
    void aRepeatAloneIsAcked() throws Exception {
        start(builder());
        Peer first = gateway.welcome();
        first.send(push(7));
        awaitFrame(first, ack(7));
        first.send(push(7));
        awaitFrame(first, ack(7));
        first.send(push(3));
        awaitFrame(first, ack(7));
        assertThat(app.ids()).containsExactly("m-7");
    }

    @Test
    void survivesTwentyDropsInTheMiddleOfAReplay() throws Exception {
        // Each brings a message, so that the backoff never grows to hours.
        start(builder().backoff(Duration.ofMillis(10), Duration.ofHours(1)));
        for (int i = 0; i < 20; i++) {
            Peer peer = gateway.welcome();
            int reached = app.messages().size();
            for (int n = Math.max(1, reached - 3); n <= reached + 10; n++) {
                peer.send(push(n));
            }
            await().until(() -> app.messages().size() > reached);
            peer.drop();
        }
        int reached = app.messages().size();
        gateway.welcome().send(push(reached + 1));
        await().until(() -> app.messages().size() == reached + 1);
        assertThat(app.ids()).isEqualTo(ids(1, reached + 1));
    }

    @Test
    void goawayKeepsTheConnectionUntilItIsTimeAndComesBackAtOnce() throws Exception {
        start(builder().backoff(Duration.ofMinutes(5), Duration.ofMinutes(5)));
        Peer first = gateway.welcome();
        first.send(new ServerFrame.Goaway("drain", 200)).send(push(1));
        awaitFrame(first, ack(1));
        assertThat(first.next()).isEqualTo("close 1000");
        gateway.welcome();
        assertThat(app.disconnected).hasSize(1);
        assertThat(app.disconnected.getFirst().reason()).isEqualTo("goaway: drain");
    }

    @Test
    void goawayNamesTheNextAddressForOneAttempt() throws Exception {
        try (TestGateway other = new TestGateway()) {
            start(builder());
            Peer first = gateway.welcome();
            first.send(new ServerFrame.Goaway("balance", 10, "//127.0.0.1:" + other.port()));
            other.welcome().close(1012, "restart");
            gateway.welcome();
        }
    }

    @Test
    void goawayCountsThoughTheServerClosesFirst() throws Exception {
        start(builder().backoff(Duration.ofMinutes(5), Duration.ofMinutes(5)));
        Peer first = gateway.welcome();
        first.send(new ServerFrame.Goaway("drain", 1_000));
        first.close(1012, "restart");
        gateway.welcome();
        Disconnected event = app.disconnected.getFirst();
        assertThat(event.code()).isEqualTo(1012);
        assertThat(event.after()).isBetween(Duration.ofMillis(1), Duration.ofMillis(1_000));
    }

    @ParameterizedTest
    @EnumSource
    void closeCodesSayWhetherToComeBack(CloseReason reason) throws Exception {
        PushgateClient client = start(builder());
        gateway.welcome().close(reason.code(), reason.reason());
        await().until(() -> !app.disconnected.isEmpty());
        Disconnected event = app.disconnected.getFirst();
        assertThat(event.code()).isEqualTo(reason.code());
        assertThat(event.reason()).isEqualTo(reason.reason());
        assertThat(event.willReconnect()).isEqualTo(reason.reconnect());
        if (reason.reconnect()) {
            gateway.welcome();
            assertThat(app.terminated).isEmpty();
        } else {
            await().until(() -> !app.terminated.isEmpty());
            assertThat(app.terminated)
                    .containsExactly(new Terminated(reason.code(), reason.reason()));
            assertThat(client.isConnected()).isFalse();
            client.close();
            assertThat(gateway.waiting()).isZero();
        }
    }

    @Test
    void threeUnauthorizedEndIt() {
        AtomicInteger tokens = new AtomicInteger();
        gateway.door(_ -> new Refusal(401, ""));
        start(builder().tokenSupplier(() -> "token-" + tokens.incrementAndGet()));
        await().until(() -> !app.terminated.isEmpty());
        assertThat(tokens).hasValue(3);
        assertThat(app.disconnected).extracting(Disconnected::code).containsExactly(401, 401, 401);
        assertThat(app.terminated.getFirst().code()).isEqualTo(401);
    }

    @Test
    void asksForAnotherTokenWhenOneIsRefused() throws Exception {
        AtomicInteger tokens = new AtomicInteger();
        gateway.door(
                headers ->
                        "Bearer token-2".equals(headers.get("authorization"))
                                ? null
                                : new Refusal(401, ""));
        start(builder().tokenSupplier(() -> "token-" + tokens.incrementAndGet()));
        gateway.welcome();
        assertThat(tokens).hasValue(2);
    }

    @Test
    void retryAfterIsHonoured() {
        gateway.door(_ -> new Refusal(503, "120"));
        start(builder());
        await().until(() -> !app.disconnected.isEmpty());
        Disconnected event = app.disconnected.getFirst();
        assertThat(event.code()).isEqualTo(503);
        assertThat(event.willReconnect()).isTrue();
        assertThat(event.after()).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(121));
    }

    @Test
    void aTokenSupplierThatThrowsIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        start(
                builder()
                        .tokenSupplier(
                                () -> {
                                    if (asked.incrementAndGet() < 3) {
                                        throw new IllegalStateException("no token service");
                                    }
                                    return "to.ke.n";
                                }));
        gateway.welcome();
        assertThat(app.errors).hasSize(2);
        assertThat(app.disconnected).hasSize(2);
    }

    @Test
    void aTokenThatIsNoneIsNeverShown() {
        start(builder().tokenSupplier(() -> "secret\r\nx-evil: 1"));
        await().until(() -> !app.disconnected.isEmpty());
        assertThat(app.disconnected.getFirst().reason()).doesNotContain("secret");
        assertThat(gateway.waiting()).isZero();
    }

    @Test
    void pingsWhenIdleAndGivesASilentGatewayUp() throws Exception {
        start(builder().heartbeatGrace(Duration.ofMillis(200)));
        Peer silent = gateway.accept();
        silent.send(new ServerFrame.Welcome("test-1", 100, 64));
        assertThat(silent.next()).isEqualTo("{\"t\":\"ping\"}");
        gateway.welcome();
        assertThat(app.disconnected.getFirst().reason()).isEqualTo("the gateway fell silent");
    }

    @Test
    void anyFrameKeepsAnIdleConnection() throws Exception {
        start(builder().heartbeatGrace(Duration.ofMillis(500)));
        Peer peer = gateway.accept();
        peer.send(new ServerFrame.Welcome("test-1", 100, 64));
        for (int i = 0; i < 12; i++) {
            assertThat(peer.next()).isEqualTo("{\"t\":\"ping\"}");
            peer.send(new ServerFrame.Pong());
        }
        assertThat(app.disconnected).isEmpty();
    }

    @Test
    void answersPings() throws Exception {
        start(builder());
        Peer peer = gateway.welcome();
        peer.sendFrame(new PingWebSocketFrame(Unpooled.copiedBuffer("hi", US_ASCII)));
        assertThat(peer.next()).isEqualTo("pong hi");
    }

    @Test
    void aMessageTheAppCannotTakeComesAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Recorded moody =
                new Recorded() {
                    @Override
                    public void onMessage(PushMessage message) throws Exception {
                        if (message.id().equals("m-2") && tries.incrementAndGet() < 3) {
                            throw new IOException("not now");
                        }
                        super.onMessage(message);
                    }
                };
        start(builder().listener(moody));
        for (int i = 0; i < 2; i++) {
            Peer peer = gateway.welcome();
            for (int n = 1; n <= 4; n++) {
                peer.send(push(n));
            }
            await().until(() -> !peer.isOpen());
        }
        Peer last = gateway.welcome();
        assertThat(last.target).endsWith("&last=m-1");
        last.send(push(2)).send(push(3)).send(push(4));
        awaitFrame(last, ack(4));
        assertThat(moody.ids()).isEqualTo(ids(1, 4));
        assertThat(moody.errors).hasSize(2);
        assertThat(moody.disconnected.getFirst().reason()).contains("m-2");
    }

    @Test
    void callbacksRunInOrderOnTheGivenExecutor() throws Exception {
        try (var pool = Executors.newFixedThreadPool(3)) {
            start(builder().executor(pool));
            Peer first = gateway.welcome();
            for (int i = 1; i <= 500; i++) {
                first.send(push(i));
            }
            awaitFrame(first, ack(500));
            assertThat(app.ids()).isEqualTo(ids(1, 500));
            clients.forEach(PushgateClient::close);
        }
    }

    @Test
    void aSlowAppStopsTheReading() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Recorded slow =
                new Recorded() {
                    @Override
                    public void onMessage(PushMessage message) throws Exception {
                        assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
                        super.onMessage(message);
                    }
                };
        String big = "\"" + "x".repeat(60_000) + "\"";
        try (var pool = Executors.newSingleThreadExecutor()) {
            start(builder().listener(slow).executor(pool));
            Peer peer = gateway.welcome();
            int count = 600; // 36 MB: more than both sockets' buffers and the client's 128 take.
            for (int i = 1; i <= count; i++) {
                peer.send(push(i, big));
            }
            await().pollDelay(Duration.ofMillis(500)).until(() -> !peer.isWritable());
            assertThat(slow.messages()).isEmpty();
            gate.countDown();
            await().atMost(Duration.ofSeconds(20)).until(() -> slow.messages().size() == count);
            assertThat(slow.ids()).isEqualTo(ids(1, count));
            clients.forEach(PushgateClient::close);
        }
    }

    @Test
    void manualAcks() throws Exception {
        start(builder().ackMode(AckMode.MANUAL));
        Peer first = gateway.welcome();
        first.send(push(1)).send(push(2)).send(push(3));
        await().until(() -> app.messages().size() == 3);
        app.messages().get(1).ack();
        awaitFrame(first, ack(2));
        first.drop();

        Peer second = gateway.welcome();
        assertThat(second.target).endsWith("&last=m-2");
        second.send(push(3));
        app.messages().get(2).ack();
        awaitFrame(second, ack(3));
        assertThat(app.ids()).isEqualTo(ids(1, 3));
    }

    @Test
    void acksNothingThatThisConnectionHasNotBrought() throws Exception {
        start(builder().ackMode(AckMode.MANUAL));
        Peer first = gateway.welcome();
        first.send(push(1)).send(push(2));
        await().until(() -> app.messages().size() == 2);
        first.drop();
        Peer second = gateway.welcome();
        await().until(() -> app.connected.size() == 2);
        app.messages().getLast().ack();
        second.send(push(1));
        assertThat(second.next()).isEqualTo(ack(1));
        second.send(push(2));
        assertThat(second.next()).isEqualTo(ack(2));
    }

    @Test
    void largeAndFragmentedMessagesArrive() throws Exception {
        start(builder());
        Peer peer = gateway.welcome();
        String large = "\"" + "y".repeat(65_534) + "\"";
        peer.send(push(1, large));
        String text =
                "{\"t\":\"push\",\"pos\":\"2-0\",\"id\":\"m-2\",\"at\":1,\"data\":" + large + "}";
        peer.sendInPieces(text, 1_000);
        awaitFrame(peer, ack(2));
        assertThat(app.messages()).extracting(PushMessage::data).containsExactly(large, large);
    }

    @Test
    void whatIsAgainstTheProtocolEndsTheConnectionNotTheClient() throws Exception {
        start(builder());
        gateway.accept().send(push(1));
        gateway.welcome().sendRaw("not json");
        gateway.welcome().sendRaw("{\"t\":\"pong\",\"pad\":\"" + "x".repeat(300_000) + "\"}");
        gateway.welcome().sendFrame(new BinaryWebSocketFrame(Unpooled.copyInt(1)));
        gateway.welcome().send(new ServerFrame.Welcome("again", 1_000, 1));
        Peer good = gateway.welcome();
        good.send(push(1));
        awaitFrame(good, ack(1));
        assertThat(app.ids()).containsExactly("m-1");
        assertThat(app.disconnected).hasSize(5);
    }

    @Test
    void reportsErrorFrames() throws Exception {
        start(builder());
        Peer peer = gateway.welcome();
        peer.send(new ServerFrame.Failure("bad_frame", "what?"));
        await().until(() -> app.errors.size() == 1);
        assertThat(app.errors.getFirst()).hasMessage("bad_frame: what?");
        assertThat(app.messages()).isEmpty();
    }

    @Test
    void takesTheNextAddressWhenOneIsDown() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        List<URI> urls = List.of(URI.create("ws://127.0.0.1:" + nobody), URI.create(gateway.url()));
        start(builder().urls(urls));
        gateway.welcome().drop();
        gateway.welcome();
        assertThat(app.disconnected)
                .extracting(Disconnected::reason)
                .anyMatch(reason -> reason.startsWith("cannot reach ws://127.0.0.1:" + nobody));
    }

    @Test
    void remembersAcrossRestartsInAFile(@TempDir Path folder) throws Exception {
        try (FileMessageStore store = FileMessageStore.open(folder.resolve("ids"))) {
            PushgateClient client = start(builder().store(store));
            Peer peer = gateway.welcome();
            peer.send(push(1)).send(push(2));
            awaitFrame(peer, ack(2));
            client.close();
        }
        try (FileMessageStore store = FileMessageStore.open(folder.resolve("ids"))) {
            start(builder().store(store));
            Peer peer = gateway.welcome();
            assertThat(peer.target).endsWith("&last=m-2");
            // The ack was lost with the gateway.
            peer.send(push(1)).send(push(2)).send(push(3));
            awaitFrame(peer, ack(3));
            assertThat(app.ids()).isEqualTo(ids(1, 3));
            clients.forEach(PushgateClient::close);
        }
    }

    @Test
    void closeSendsTheAcksThatAreDueAndACloseFrame() throws Exception {
        CountDownLatch inCallback = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        Recorded slow =
                new Recorded() {
                    @Override
                    public void onMessage(PushMessage message) throws Exception {
                        inCallback.countDown();
                        assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
                        super.onMessage(message);
                    }
                };
        PushgateClient client = start(builder().listener(slow));
        Peer peer = gateway.welcome();
        peer.send(push(1));
        assertThat(inCallback.await(10, TimeUnit.SECONDS)).isTrue();
        var closed = client.closeAsync();
        gate.countDown();
        assertThat(peer.next()).isEqualTo(ack(1));
        assertThat(peer.next()).isEqualTo("close 1000");
        assertThat(closed).succeedsWithin(Duration.ofSeconds(5));
        assertThat(slow.disconnected.getFirst().willReconnect()).isFalse();
        assertThat(slow.terminated).isEmpty();
    }

    @Test
    void closesFromWithinACallbackAndTwiceAndBeforeTheStart() throws Exception {
        PushgateClient[] self = new PushgateClient[1];
        Recorded closing =
                new Recorded() {
                    @Override
                    public void onConnected(Connected event) {
                        self[0].close();
                    }
                };
        self[0] = builder().listener(closing).build();
        clients.add(self[0].start());
        assertThat(gateway.welcome().next()).isEqualTo("close 1000");
        assertThat(self[0].closeAsync()).succeedsWithin(Duration.ofSeconds(5));
        PushgateClient never = builder().build();
        assertThat(never.closeAsync()).succeedsWithin(Duration.ofSeconds(5));
        never.start();
        assertThat(gateway.waiting()).isZero();
    }

    @Test
    void closesWhileConnectingAndWhileWaitingToReconnect() {
        gateway.door(_ -> new Refusal(503, "120"));
        PushgateClient client = start(builder());
        await().until(() -> !app.disconnected.isEmpty());
        assertThat(client.closeAsync()).succeedsWithin(Duration.ofSeconds(5));
        PushgateClient other = start(builder());
        assertThat(other.closeAsync()).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void aThousandClientsShareTwoThreads() throws Exception {
        int count = 1_000;
        AtomicInteger messages = new AtomicInteger();
        var group = EventLoops.create(2, "test-client");
        for (int i = 0; i < count; i++) {
            start(builder().eventLoopGroup(group).listener(_ -> messages.incrementAndGet()));
        }
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            // On a busy machine some give up waiting for this and come again.
                            while (gateway.waiting() > 0) {
                                gateway.welcome().send(push(1)).send(push(2));
                            }
                            return messages.get() == 2 * count;
                        });
        clients.stream().map(PushgateClient::closeAsync).toList().forEach(done -> done.join());
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        // With the event loops gone, closing again still answers.
        assertThat(clients.getFirst().closeAsync()).succeedsWithin(Duration.ofSeconds(5));
    }

    private PushgateClientBuilder builder() {
        return PushgateClient.builder()
                .url(gateway.url())
                .token("to.ke.n")
                .backoff(Duration.ofMillis(10), Duration.ofMillis(50))
                .listener(app);
    }

    private PushgateClient start(PushgateClientBuilder builder) {
        PushgateClient client = builder.start();
        clients.add(client);
        return client;
    }

    private static void awaitFrame(Peer peer, String frame) throws InterruptedException {
        String next = peer.next();
        while (!next.equals(frame)) {
            assertThat(next).as("only acks come before").startsWith("{\"t\":\"ack\"");
            next = peer.next();
        }
    }

    private static String ack(long millis) {
        return "{\"t\":\"ack\",\"pos\":\"" + millis + "-0\"}";
    }

    private static ServerFrame.Push ofLog(String log, long number) {
        return new ServerFrame.Push(
                new Position(number, 0), log + "-" + number, 1, "{}", false, log);
    }

    private static ServerFrame.Push push(long number) {
        return push(number, "{\"n\":" + number + "}");
    }

    private static ServerFrame.Push push(long number, String data) {
        return new ServerFrame.Push(
                new Position(number, 0), "m-" + number, 1_000 + number, data, false, null);
    }

    private static List<String> ids(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "m-" + i).toList();
    }
}
