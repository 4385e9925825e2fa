package io.pushgate.console.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.console.ConsoleMeters;
import io.pushgate.mailbox.ToldEnds;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.Retries;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.kafka.BatchHandler;
import io.pushgate.runtime.kafka.Completions;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends the receipts of one app to its endpoint, in the order of each partition, {@value
 * #MAX_RECEIPTS} a call at most, one call after the other. What the endpoint does not take stays in
 * Kafka, and the next ones behind it: an endpoint that is away costs no memory and holds up nobody
 * else, as each has a consumer group of its own.
 */
final class WebhookHandler implements BatchHandler {
    static final int MAX_RECEIPTS = 100;

    private static final Logger log = LoggerFactory.getLogger(WebhookHandler.class);

    private static final Backoff AGAIN = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final WebhookConfig config;
    private final Endpoint endpoint;
    private final Breaker breaker;
    private final ToldEnds ends;
    private final Ticker ticker;
    private final MeterRegistry registry;
    private final Retries redis = new Retries(AGAIN);

    WebhookHandler(
            WebhookConfig config,
            Endpoint endpoint,
            Breaker breaker,
            ToldEnds ends,
            Ticker ticker,
            MeterRegistry registry) {
        this.config = config;
        this.endpoint = endpoint;
        this.breaker = breaker;
        this.ends = ends;
        this.ticker = ticker;
        this.registry = registry;
    }

    @Override
    public void handle(List<ConsumerRecord<byte[], byte[]>> batch, Completions done)
            throws InterruptedException {
        List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
        List<Receipt> receipts = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            taken.add(record);
            Receipt receipt = read(record);
            if (receipt != null && receipt.app().equals(config.app())) {
                receipts.add(receipt);
            }
            if (receipts.size() == MAX_RECEIPTS) {
                deliver(receipts);
                done.completeAll(taken);
                receipts.clear();
                taken.clear();
            }
        }
        deliver(receipts);
        done.completeAll(taken);
    }

    private static @Nullable Receipt read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return ReceiptCodec.decode(record.value());
        } catch (InvalidInputException e) {
            log.warn("no receipt: {}", e.getMessage());
            return null;
        }
    }

    /** Without Redis nothing is sent: it could be sent twice. */
    private void deliver(List<Receipt> receipts) throws InterruptedException {
        if (receipts.isEmpty()) {
            return;
        }
        List<Receipt> untold = redis.untilAnswered("untold", () -> ends.untold(receipts));
        if (untold.isEmpty()) {
            return;
        }
        boolean taken = send(body(untold));
        count(taken ? "delivered" : "dropped", untold.size());
        redis.untilAnswered("told", () -> ends.told(untold));
    }

    /** Until the endpoint takes it, or has not done so for too long. */
    private boolean send(byte[] body) throws InterruptedException {
        long since = ticker.nanos();
        while (true) {
            if (endpoint.post(body)) {
                breaker.succeeded();
                return true;
            }
            count("failed", 1);
            Duration pause = breaker.failed();
            Duration tried = Duration.ofNanos(ticker.nanos() - since);
            if (tried.plus(pause).compareTo(config.giveUpAfter()) > 0) {
                log.error(
                        "receipts of app {} are given up: its webhook has not taken them for {} s",
                        config.app(),
                        tried.toSeconds());
                return false;
            }
            Thread.sleep(pause);
        }
    }

    private void count(String outcome, int receipts) {
        Meters.counter(registry, ConsoleMeters.WEBHOOKS, "outcome", outcome).increment(receipts);
    }

    private static byte[] body(List<Receipt> receipts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        String separator = "{\"receipts\":[";
        for (Receipt receipt : receipts) {
            body.writeBytes(separator.getBytes(StandardCharsets.UTF_8));
            body.writeBytes(ReceiptCodec.encode(receipt));
            separator = ",";
        }
        body.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }
}
