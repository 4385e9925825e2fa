package io.pushgate.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.mailbox.ApiKeys;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.MailboxConfig;
import io.pushgate.mailbox.Messages;
import io.pushgate.mailbox.NodeBus;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.mailbox.Offer;
import io.pushgate.mailbox.Registered;
import io.pushgate.mailbox.Registration;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Target;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.ConfigLoader;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.kafka.KafkaTopics;
import io.pushgate.runtime.redis.RedisChannels;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TestRedis;
import io.pushgate.testkit.TestTopics;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A console on real Redis and Kafka, with an app, a key for it, and a client that holds each answer
 * to its description.
 */
public final class Rig implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    public final String app = TestTopics.unique("app");
    public final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    public final RoleContext context;
    public final Console console;
    public final String key;
    public final String adminKey;
    private final RedisConnection redis;
    private final RedisChannels channels;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Contract contract = Contract.load();

    /** An answer with its JSON, missing where it has none. */
    public record Reply(int status, HttpResponse<byte[]> http, JsonNode json) {
        public String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        /** The type of the problem, its last part only. */
        public String problem() {
            String type = json.path("type").asText();
            return type.substring(type.lastIndexOf(':') + 1);
        }

        @Override
        public String toString() {
            return status + " " + json;
        }
    }

    public Rig() throws Exception {
        this(Map.of());
    }

    /**
     * @param settings of the section {@code console}, by key
     */
    public Rig(Map<String, String> settings) throws Exception {
        KafkaConfig kafka = TestKafka.shared().config(2);
        KafkaTopics.ensure(
                kafka,
                Topics.all().stream().collect(Collectors.toMap(topic -> topic, _ -> Map.of())));
        redis = RedisConnection.open(TestRedis.shared().config());
        await("Redis").until(() -> redis.check().ok());
        channels = new RedisChannels(redis);
        context =
                new RoleContext(
                        TestTopics.unique("test"),
                        redis,
                        new Mailbox(redis, MailboxConfig.defaults(), registry),
                        new NodeLeases(redis, registry),
                        new NodeBus(channels, registry),
                        kafka,
                        registry,
                        Ticker.system());
        ApiKeys keys = new ApiKeys(redis, InstantSource.system());
        key = keys.generate();
        adminKey = keys.generate();
        var _ = get(keys.add(key, app));
        var _ = get(keys.add(adminKey, null));
        Map<String, String> all = new HashMap<>(settings);
        all.put("port", "0");
        all.putIfAbsent("receipts-group", TestTopics.unique("group"));
        console = new Console(ConfigLoader.load(ConsoleConfig.class, null, Map.of(), all), context);
        console.start();
    }

    public static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + console.port() + path);
    }

    /** With the app's key. */
    public Reply send(String method, String path, @Nullable String body) throws Exception {
        return send(method, path, body, key, "application/json");
    }

    public Reply get(String path) throws Exception {
        return send("GET", path, null);
    }

    public Reply asAdmin(String method, String path) throws Exception {
        return send(method, path, null, adminKey, "application/json");
    }

    public Reply push(String json) throws Exception {
        return send("POST", "/v1/push", json);
    }

    /**
     * @param bearer null for no Authorization
     */
    public Reply send(
            String method,
            String path,
            @Nullable String body,
            @Nullable String bearer,
            String contentType)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .timeout(Duration.ofSeconds(30))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body.getBytes(UTF_8)));
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        if (body != null) {
            request.header("Content-Type", contentType);
        }
        Reply reply = reply(client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        String type = reply.header("Content-Type");
        assertThat(contract.complaints(method, path, reply.status(), type, reply.json()))
                .as("%s %s: %s", method, path, reply)
                .isEmpty();
        return reply;
    }

    private static Reply reply(HttpResponse<byte[]> response) throws Exception {
        boolean json =
                response.headers().firstValue("Content-Type").orElse("").contains("json")
                        && response.body().length > 0;
        return new Reply(
                response.statusCode(),
                response,
                json ? JSON.readTree(response.body()) : JSON.missingNode());
    }

    public DeviceKey device(String name) {
        return new DeviceKey(app, name);
    }

    /** A session at the node. */
    public Registered connect(String device, String node) throws Exception {
        return get(
                context.mailbox()
                        .register(
                                new Registration(device(device), node, "pos", "1.0", "ann", null)));
    }

    /** Remembers whom a message is for, as a purger does. */
    public void note(String id, String device) throws Exception {
        Messages.Note note =
                new Messages.Note(app, id, new Target.Device(device, Set.of()), Duration.ZERO);
        var _ = get(context.mailbox().messages().note(List.of(note)));
    }

    /** Puts a message into the inbox of a device, as a purger does. */
    public void offer(String device, String id) throws Exception {
        offer(device, id, "0:1");
    }

    public void offer(String device, String id, String origin) throws Exception {
        long now = System.currentTimeMillis();
        Message message =
                new Message(id, now, now + 3_600_000, true, false, "{\"a\":1}".getBytes(UTF_8));
        var _ =
                get(
                        context.mailbox()
                                .offer(
                                        List.of(
                                                new Offer(
                                                        device(device),
                                                        message,
                                                        origin,
                                                        Set.of(),
                                                        null))));
    }

    /** Has an access node live, for a minute. */
    public void live(String node, int connections) throws Exception {
        get(
                context.leases()
                        .renew(
                                new NodeLease(node, node + ":8080", connections, "", "1", 0),
                                Duration.ofMinutes(1)));
    }

    @Override
    public void close() {
        client.close();
        console.close();
        channels.close();
        redis.close();
    }
}
