package io.pushgate.faults;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.faults.cluster.ClusterUnderTest;
import io.pushgate.faults.cluster.Settings;
import io.pushgate.faults.load.Account;
import io.pushgate.faults.scenario.Scene;
import io.pushgate.mailbox.DeviceStatus;
import io.pushgate.mailbox.Entry;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.MailboxConfig;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.redis.RedisConnection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Tells the lives of messages that do not add up: what we saw, what Redis holds, what logs say. */
final class Inquest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_ENTRIES = 1_000;
    private static final int MAX_LOG_LINES = 10;

    private final ClusterUnderTest cluster;
    private final Scene scene;

    Inquest(ClusterUnderTest cluster, Scene scene) {
        this.cluster = cluster;
        this.scene = scene;
    }

    List<String> lives(String app, int atMost) {
        RedisConfig config = new RedisConfig(cluster.redis().uri(), RedisConfig.Mode.AUTO, TIMEOUT);
        List<String> lives = new ArrayList<>();
        try (RedisConnection redis = RedisConnection.open(config)) {
            MailboxConfig defaults = MailboxConfig.defaults();
            Mailbox mailbox =
                    new Mailbox(
                            redis,
                            new MailboxConfig(
                                    Settings.SHARDS,
                                    defaults.inboxCap(),
                                    defaults.backoff(),
                                    defaults.jitter(),
                                    defaults.compressAbove()),
                            new SimpleMeterRegistry());
            awaitConnection(redis);
            for (Account.Offence offence : scene.account().offences(atMost)) {
                DeviceKey device = new DeviceKey(app, scene.devices().name(offence.device()));
                lives.add(
                        "%s %s of %s: %s; %s"
                                .formatted(
                                        offence.id(),
                                        offence.what(),
                                        device,
                                        offence.life(),
                                        mailbox(mailbox, device, offence.id())));
                lives.add("    its device: " + scene.devices().trail(offence.device()));
                lives.addAll(logLines(offence.id(), device.device()));
            }
        }
        return lives;
    }

    private static void awaitConnection(RedisConnection redis) {
        try {
            for (int i = 0; i < 100 && !redis.check().ok(); i++) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String mailbox(Mailbox mailbox, DeviceKey device, String id) {
        try {
            DeviceStatus status = get(mailbox.status(device));
            List<Entry> waiting = get(mailbox.fetch(device, Position.NONE, MAX_ENTRIES)).entries();
            boolean there = waiting.stream().anyMatch(e -> e.message().id().equals(id));
            return "Redis: session %s, %d wait, %s"
                    .formatted(
                            status.route() == null ? "none" : status.route().sessionId(),
                            status.backlog(),
                            there ? "it is among them" : "it is not among them");
        } catch (ExecutionException | TimeoutException e) {
            return "Redis does not say: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "Redis was not asked";
        }
    }

    private static <T> T get(CompletionStage<T> stage)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private List<String> logLines(String id, String device) {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(cluster.dir())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
                try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
                    lines.filter(line -> mentions(line, id) || mentions(line, device))
                            .limit(MAX_LOG_LINES)
                            .forEach(line -> found.add("    " + file.getFileName() + ": " + line));
                }
            }
        } catch (IOException e) {
            found.add("    the logs cannot be read: " + e.getMessage());
        }
        return found;
    }

    /** The whole word: d1 is not d12. */
    private static boolean mentions(String line, String word) {
        int at = line.indexOf(word);
        int end = at + word.length();
        return at >= 0 && (end == line.length() || !Character.isLetterOrDigit(line.charAt(end)));
    }
}
