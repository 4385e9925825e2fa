package io.pushgate.console.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.console.ConsoleMeters;
import io.pushgate.console.Rig;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.kafka.KafkaPublisher;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

class WebhookTest {
    private static final String SECRET = "0123456789abcdef";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<String> signatures = new CopyOnWriteArrayList<>();
    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    private final AtomicInteger failFirst = new AtomicInteger();
    private HttpServer business;
    private Rig rig;
    private KafkaPublisher kafka;

    @BeforeEach
    void start() throws Exception {
        business = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        business.createContext("/", this::take);
        business.start();
        rig = new Rig();
        kafka = new KafkaPublisher(rig.context.kafka(), "test", new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        kafka.close();
        rig.close();
        business.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean fails = failFirst.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            if (!fails) {
                bodies.add(body);
                signatures.add(exchange.getRequestHeaders().getFirst(Signature.HEADER));
                for (JsonNode receipt : JSON.readTree(body).path("receipts")) {
                    told.add(
                            receipt.path("device").asText()
                                    + ":"
                                    + receipt.path("status").asText());
                }
            }
            exchange.sendResponseHeaders(fails ? 500 : 204, -1);
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + business.getAddress().getPort() + path;
    }

    private Webhook webhook(Duration giveUpAfter) {
        Webhook webhook =
                new Webhook(
                        new WebhookConfig(
                                rig.app, url("/hook"), SECRET, Duration.ofSeconds(5), giveUpAfter),
                        rig.context);
        webhook.start();
        return webhook;
    }

    private void publish(String app, String device, Receipt.Status status) throws Exception {
        Receipt receipt = new Receipt("m1", app, device, status, 1, 0, null);
        var _ =
                Rig.get(
                        kafka.send(
                                Topics.RECEIPTS,
                                "m1".getBytes(UTF_8),
                                ReceiptCodec.encode(receipt),
                                List.of()));
    }

    @Test
    void eachEndIsToldOnceInOrderAndSigned() throws Exception {
        try (Webhook _ = webhook(Duration.ofHours(1))) {
            publish(rig.app, "a", Receipt.Status.ACCEPTED);
            publish("another", "a", Receipt.Status.DELIVERED);
            publish(rig.app, "a", Receipt.Status.DELIVERED);
            publish(rig.app, "a", Receipt.Status.DELIVERED);
            publish(rig.app, "a", Receipt.Status.EXPIRED);
            publish(rig.app, "b", Receipt.Status.DELIVERED);
            await().atMost(PATIENCE).until(() -> told.contains("b:delivered"));
        }
        assertThat(told).containsExactly("a:accepted", "a:delivered", "b:delivered");
        for (int i = 0; i < bodies.size(); i++) {
            long seconds = Long.parseLong(signatures.get(i).split("[=,]", 3)[1]);
            assertThat(signatures.get(i))
                    .isEqualTo(new Signature(SECRET).of(seconds, bodies.get(i)));
        }
    }

    @Test
    void theSignatureIsThatOfTheGuide() {
        // printf '1700000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        assertThat(new Signature(SECRET).of(1_700_000_000L, "{}".getBytes(UTF_8)))
                .isEqualTo(
                        "t=1700000000,v1=e4f8e2ecae2295b2ddb2f0b5584c8275e226c0ebe9b3b819e70156bb67122e3e");
    }

    @Test
    void aFailedCallIsRepeatedAndTheNextOneWaits() throws Exception {
        failFirst.set(2);
        try (Webhook webhook = webhook(Duration.ofHours(1))) {
            publish(rig.app, "a", Receipt.Status.DELIVERED);
            publish(rig.app, "b", Receipt.Status.DELIVERED);
            await().atMost(PATIENCE).until(() -> told.contains("b:delivered"));
            assertThat(told).containsExactly("a:delivered", "b:delivered");
            assertThat(webhook.isLeftAlone()).isFalse();
        }
        assertThat(count("failed")).isEqualTo(2);
    }

    @Test
    void anAnswerThatDoesNotEndIsAFailure() throws Exception {
        business.createContext(
                "/endless",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('a');
                    exchange.getResponseBody().flush();
                });
        WebhookConfig config =
                new WebhookConfig(
                        rig.app,
                        url("/endless"),
                        SECRET,
                        Duration.ofMillis(300),
                        Duration.ofHours(1));
        try (Endpoint endpoint = new Endpoint(config, InstantSource.system())) {
            assertThat(endpoint.post("{}".getBytes(UTF_8))).isFalse();
        }
        assertThat(config.toString()).doesNotContain(SECRET);
    }

    @Test
    void whatIsNeverTakenIsGivenUpAndCounted() throws Exception {
        failFirst.set(Integer.MAX_VALUE);
        try (Webhook _ = webhook(Duration.ofSeconds(1))) {
            publish(rig.app, "a", Receipt.Status.DELIVERED);
            await().atMost(PATIENCE).until(() -> count("dropped") == 1);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void anEndpointThatKeepsFailingIsLeftAlone() {
        Breaker breaker =
                new Breaker(
                        new io.pushgate.runtime.Backoff(
                                Duration.ofMillis(10), Duration.ofMillis(100)));
        for (int i = 1; i < Breaker.OPENS_AFTER; i++) {
            assertThat(breaker.failed()).isLessThanOrEqualTo(Duration.ofMillis(100));
            assertThat(breaker.isOpen()).isFalse();
        }
        assertThat(breaker.failed()).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
        assertThat(breaker.isOpen()).isTrue();
        breaker.succeeded();
        assertThat(breaker.isOpen()).isFalse();
    }

    private double count(String outcome) {
        return rig
                .registry
                .find(ConsoleMeters.WEBHOOKS.meterName())
                .tag("outcome", outcome)
                .counters()
                .stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }
}
