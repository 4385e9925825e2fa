package io.pushgate.loadtest;

import io.pushgate.protocol.Names;
import io.pushgate.protocol.PushRequestCodec;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What a load test does.
 *
 * @param urls access servers, {@code ws://host:port}; connections are spread over them in turn
 * @param kafkaBootstrap {@code host:port[,host:port]}
 * @param tokens device name to JWT of {@link #app}; called on event loops, at each connect
 * @param connections devices, each with one connection; bounded by the open files of the process
 * @param rate messages a second, over all devices
 * @param seconds how long to publish
 * @param payloadBytes size of a message's data, at least {@link Payload#MIN_BYTES}
 * @param rampPerSecond connections begun a second
 * @param app the app the devices belong to
 * @param drain how long to wait, after the last publish, for messages and receipts
 * @param json where to write the result as JSON too
 */
public record LoadTestConfig(
        List<URI> urls,
        String kafkaBootstrap,
        Function<String, String> tokens,
        int connections,
        int rate,
        int seconds,
        int payloadBytes,
        int rampPerSecond,
        String app,
        Duration drain,
        @Nullable Path json) {
    /** Times of all messages are kept, 20 bytes each. */
    static final long MAX_MESSAGES = 50_000_000;

    static final int MAX_CONNECTIONS = 60_000;

    /**
     * @throws IllegalArgumentException in words for the person who typed the value
     */
    public LoadTestConfig {
        urls = List.copyOf(urls);
        check(!urls.isEmpty(), "at least one address of an access server is needed");
        urls.forEach(url -> check(isWebSocket(url), "not a ws:// or wss:// address: " + url));
        range("connections", connections, 1, MAX_CONNECTIONS);
        range("rate", rate, 1, 1_000_000);
        range("seconds", seconds, 1, 24 * 3600);
        range("payload", payloadBytes, Payload.MIN_BYTES, PushRequestCodec.MAX_DATA_BYTES);
        range("ramp", rampPerSecond, 1, 100_000);
        check(Names.isApp(app), "not an app name: " + app);
        check(!drain.isNegative(), "the drain time must not be negative");
        check(
                (long) rate * seconds <= MAX_MESSAGES,
                "rate times seconds must be at most " + MAX_MESSAGES);
    }

    /** 1,000 connections, 500 messages of 512 bytes a second for 10 s. */
    public static LoadTestConfig of(
            List<URI> urls, String kafkaBootstrap, Function<String, String> tokens) {
        return new LoadTestConfig(
                urls,
                kafkaBootstrap,
                tokens,
                1_000,
                500,
                10,
                512,
                1_000,
                "load",
                Duration.ofSeconds(30),
                null);
    }

    /** How many messages are published. */
    public int messages() {
        return rate * seconds;
    }

    private static boolean isWebSocket(URI url) {
        return ("ws".equals(url.getScheme()) || "wss".equals(url.getScheme()))
                && url.getHost() != null;
    }

    private static void range(String name, int value, int min, int max) {
        check(
                value >= min && value <= max,
                "%s must be between %,d and %,d, not %,d".formatted(name, min, max, value));
    }

    private static void check(boolean ok, String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}
