package io.pushgate.console;

import io.pushgate.console.webhook.WebhookConfig;
import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;
import io.pushgate.runtime.config.DurationRange;
import io.pushgate.runtime.config.Range;
import io.pushgate.runtime.tls.TlsConfig;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The section {@code console} of the configuration. */
public record ConsoleConfig(
        @Doc("Address of the HTTP API and the page; 0.0.0.0 opens them to the network.")
                @Default("127.0.0.1")
                String host,
        @Doc("Port of the HTTP API and the page, 0 for any free one.")
                @Default("8081")
                @Range(min = 0, max = 65535)
                int port,
        @Doc("HTTP connections at most; further ones wait until one closes.")
                @Default("1000")
                @Range(min = 1, max = 100_000)
                int maxConnections,
        @Doc("HTTP requests served at once; more are refused with 503.")
                @Default("128")
                @Range(min = 1, max = 10_000)
                int maxRequests,
        @Doc("Bytes of a request's body at most; a list of pushes may be that large.")
                @Default("1048576")
                @Range(min = 131_072, max = 16_777_216)
                int maxBody,
        @Doc("By when a request's body must be there.")
                @Default("10s")
                @DurationRange(min = "100ms", max = "5m")
                Duration bodyDeadline,
        @Doc("How long a connection may be open without a whole request.")
                @Default("30s")
                @DurationRange(min = "1s", max = "10m")
                Duration idle,
        @Doc("How long a good API key is not looked up again; a revoked one works as long.")
                @Default("10s")
                @DurationRange(min = "0s", max = "5m")
                Duration keyCache,
        @Doc("How long Kafka may take to acknowledge a push before the answer is 503.")
                @Default("10s")
                @DurationRange(min = "100ms", max = "2m")
                Duration publishTimeout,
        @Doc(
                        "Requests a second of one API key at one console, 0 for no limit; twice as many at once.")
                @Default("100")
                @Range(min = 0, max = 1_000_000)
                int requestsPerSecond,
        @Doc("Pushes a second that an app may publish over HTTP, 0 for no limit.")
                @Default("1000")
                @Range(min = 0, max = 10_000_000)
                int pushesPerSecond,
        @Doc("Pushes a day (UTC) that an app may publish over HTTP, 0 for no limit.")
                @Default("0")
                @Range(min = 0)
                long pushesPerDay,
        @Doc("Consumer group of the consoles, which keeps receipts for 24 h to answer by.")
                @Default("pushgate-console")
                String receiptsGroup,
        @Doc("Apps with limits of their own.") List<AppConfig> apps,
        @Doc("Apps whose receipts are posted to an endpoint of theirs; 20 at most.")
                List<WebhookConfig> webhooks,
        TlsConfig tls) {
    private static final int MAX_WEBHOOKS = 20;

    public ConsoleConfig {
        apps = List.copyOf(apps);
        webhooks = List.copyOf(webhooks);
        if (webhooks.size() > MAX_WEBHOOKS) {
            throw new IllegalArgumentException(
                    "webhooks: each reads all receipts, so " + MAX_WEBHOOKS + " are allowed");
        }
        Set<String> hooked = new HashSet<>();
        for (WebhookConfig webhook : webhooks) {
            if (!hooked.add(webhook.app())) {
                throw new IllegalArgumentException(
                        "webhooks: " + webhook.app() + " stands there twice");
            }
        }
        Set<String> names = new HashSet<>();
        for (AppConfig app : apps) {
            if (!names.add(app.name())) {
                throw new IllegalArgumentException("apps: " + app.name() + " stands there twice");
            }
        }
    }

    /** What is different for one app. */
    public record AppConfig(
            @Doc("The app.") String name,
            @Doc("Pushes a second, 0 for no limit; by default those of every app.")
                    @Nullable Integer pushesPerSecond,
            @Doc("Pushes a day (UTC), 0 for no limit; by default those of every app.")
                    @Nullable Long pushesPerDay) {}
}
