package io.pushgate.standalone;

import io.pushgate.access.AccessServer;
import io.pushgate.console.Console;
import io.pushgate.embedded.EmbeddedKafka;
import io.pushgate.embedded.EmbeddedKafkaSettings;
import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.embedded.EmbeddedRedisSettings;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.config.RedisConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Every role in this process, on a Redis and a Kafka that it brings along; all hops are the same as
 * between processes.
 */
public final class Standalone implements AutoCloseable {
    private static final String NODE_ID = "n1";
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(30);

    private final Closer closer;
    private final RoleHost host;
    private final DataFolder folder;
    private final RunningStandalone running;
    private final SigningKeys keys;
    private final String adminKey;
    private final Map<String, String> env;

    private Standalone(
            Closer closer,
            RoleHost host,
            DataFolder folder,
            RunningStandalone running,
            SigningKeys keys,
            String adminKey,
            Map<String, String> env) {
        this.closer = closer;
        this.host = host;
        this.folder = folder;
        this.running = running;
        this.keys = keys;
        this.adminKey = adminKey;
        this.env = env;
    }

    /**
     * Starts everything and returns when it is ready, or says what is not after 30 s.
     *
     * @param folder taken over: closed at the end, also where the start fails
     * @param env tells where the state file goes
     */
    public static Standalone start(
            PushgateConfig config, DataFolder folder, Map<String, String> env, Progress progress)
            throws StartupException, InterruptedException {
        Closer closer = new Closer();
        closer.add(folder);
        try {
            return start(config, folder, env, progress, closer);
        } catch (StartupException | InterruptedException | RuntimeException e) {
            try {
                closer.close();
            } catch (IllegalStateException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private static Standalone start(
            PushgateConfig config,
            DataFolder folder,
            Map<String, String> env,
            Progress progress,
            Closer closer)
            throws StartupException, InterruptedException {
        Ports.requireFree(ports(config, folder.path()));
        Path key = SigningKeys.ensureDevelopment(folder.path());
        PushgateConfig complete = brokers(config.withData(folder.path()), folder, progress, closer);
        complete = TokenKeys.require(complete);
        String adminKey = AdminKey.ensure(folder.path(), complete.redis());
        String nodeId = NodeIds.check(config.nodeId() == null ? NODE_ID : config.nodeId());
        RoleHost host =
                closer.add(
                        RoleHost.start(complete, nodeId, EnumSet.allOf(RoleKind.class), progress));
        progress.step("waiting until everything is ready");
        Health health = host.awaitReady(READY_TIMEOUT);
        if (!health.isReady()) {
            throw new StartupException("not ready after 30 s: " + failing(health));
        }
        RunningStandalone running = running(complete, folder, host);
        Standalone standalone =
                new Standalone(closer, host, folder, running, SigningKeys.load(key), adminKey, env);
        standalone.announce();
        return standalone;
    }

    private static List<Ports.Wanted> ports(PushgateConfig config, Path data) {
        List<Ports.Wanted> ports = new ArrayList<>();
        ports.add(new Ports.Wanted("--port", config.access().host(), config.access().port()));
        ports.add(
                new Ports.Wanted(
                        "--console-port", config.console().host(), config.console().port()));
        ports.add(
                new Ports.Wanted(
                        "--management-port",
                        config.management().host(),
                        config.management().port()));
        ports.add(new Ports.Wanted("--kafka-port", "127.0.0.1", config.standalone().kafkaPort()));
        // The Redis of a standalone that was killed may still be writing: its successor waits for
        // it.
        if (!Files.exists(redisFolder(data).resolve("redis.pid"))) {
            ports.add(
                    new Ports.Wanted("--redis-port", "127.0.0.1", config.standalone().redisPort()));
        }
        return ports;
    }

    // Both take a second or two, on different cores.
    private static PushgateConfig brokers(
            PushgateConfig config, DataFolder folder, Progress progress, Closer closer)
            throws StartupException, InterruptedException {
        progress.step("Redis and Kafka");
        EmbeddedKafka kafka =
                new EmbeddedKafka(
                        new EmbeddedKafkaSettings(
                                config.standalone().kafkaPort(),
                                folder.path().resolve("kafka"),
                                Map.of()));
        CompletableFuture<Void> kafkaStart =
                CompletableFuture.runAsync(
                        kafka::start, task -> Thread.ofPlatform().name("start-kafka").start(task));
        closer.add(
                () -> {
                    // Also where the start was given up half way.
                    kafkaStart.exceptionally(failure -> null).join();
                    kafka.close();
                });
        EmbeddedRedis redis = new EmbeddedRedis(redisSettings(config, folder));
        closer.add(redis);
        redis.start();
        progress.step("Kafka");
        awaitStart(kafkaStart);
        RedisConfig redisConfig =
                new RedisConfig(redis.uri(), RedisConfig.Mode.SINGLE, config.redis().timeout());
        KafkaConfig kafkaConfig =
                new KafkaConfig(
                        kafka.bootstrapServers(),
                        config.standalone().kafkaPartitions(),
                        (short) 1,
                        config.kafka().properties());
        return config.withRedis(redisConfig).withKafka(kafkaConfig);
    }

    private static void awaitStart(CompletableFuture<Void> start)
            throws StartupException, InterruptedException {
        try {
            start.join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new StartupException("Kafka did not start: " + Errors.reason(cause), cause);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private static EmbeddedRedisSettings redisSettings(PushgateConfig config, DataFolder folder) {
        List<String> arguments = folder.isTemporary() ? List.of("--appendonly", "no") : List.of();
        return new EmbeddedRedisSettings(
                config.standalone().redisPort(), redisFolder(folder.path()), arguments);
    }

    private static Path redisFolder(Path data) {
        return data.resolve("redis");
    }

    private static String failing(Health health) {
        return String.join(
                "; ",
                health.checks().stream()
                        .filter(check -> !check.ok())
                        .map(check -> check.name() + ": " + check.detail())
                        .toList());
    }

    private static RunningStandalone running(
            PushgateConfig config, DataFolder folder, RoleHost host) {
        int port =
                host.role(RoleKind.ACCESS_SERVER)
                        .map(AccessServer.class::cast)
                        .map(AccessServer::port)
                        .orElseThrow();
        int console =
                host.role(RoleKind.CONSOLE)
                        .map(Console.class::cast)
                        .map(Console::port)
                        .orElseThrow();
        return new RunningStandalone(
                ProcessHandle.current().pid(),
                RunningStandalone.ownStart(),
                folder.path().toString(),
                (config.access().tls().enabled() ? "wss://" : "ws://")
                        + reachable(config.access().host())
                        + ":"
                        + port
                        + "/v1/ws",
                config.kafka().bootstrapServers(),
                config.redis().uri(),
                "http://" + reachable(config.management().host()) + ":" + host.managementPort(),
                (config.console().tls().enabled() ? "https://" : "http://")
                        + reachable(config.console().host())
                        + ":"
                        + console);
    }

    // What listens everywhere is reached from here by the loopback address.
    private static String reachable(String host) {
        return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    }

    private void announce() throws StartupException {
        closer.add(() -> running.withdraw(env));
        try {
            running.announce(env);
        } catch (IOException e) {
            throw new StartupException("the state file cannot be written: " + Errors.reason(e), e);
        }
    }

    /** Addresses and folders. */
    public RunningStandalone running() {
        return running;
    }

    /** The development key. */
    public SigningKeys keys() {
        return keys;
    }

    /** The development API key, which may do everything. */
    public String adminKey() {
        return adminKey;
    }

    /** Whether the data goes at the end. */
    public boolean isTemporary() {
        return folder.isTemporary();
    }

    /** Drains the roles, upstream first. */
    public void drain() throws InterruptedException {
        host.drain();
    }

    @Override
    public void close() {
        closer.close();
    }
}
