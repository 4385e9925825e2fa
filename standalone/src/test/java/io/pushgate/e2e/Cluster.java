package io.pushgate.e2e;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.pushgate.client.PushgateClientBuilder;
import io.pushgate.embedded.EmbeddedKafka;
import io.pushgate.embedded.EmbeddedKafkaSettings;
import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.mailbox.Recall;
import io.pushgate.mailbox.RecallReport;
import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Target;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.config.ConfigLoader;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.runtime.kafka.KafkaTopics;
import io.pushgate.standalone.Connections;
import io.pushgate.standalone.PushgateConfig;
import io.pushgate.standalone.RoleKind;
import io.pushgate.standalone.SigningKeys;
import io.pushgate.standalone.SigningKeys.DeviceClaims;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A whole gateway for a test: a Redis and a Kafka of its own, and members of every role, each as if
 * it were a process. All ports are free ones. Time in the mailbox can be moved.
 */
final class Cluster implements AutoCloseable {
    static final String APP = "shop";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ClusterSettings settings;
    private final Closer closer = new Closer();
    private final AtomicLong shiftMillis = new AtomicLong();
    private final AtomicInteger nextNode = new AtomicInteger(1);
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final EmbeddedRedis redis;
    private final EmbeddedKafka kafka;
    private final Path keyFile;
    private final SigningKeys keys;
    private final KafkaPublisher publisher;
    private final Receipts receipts;
    private final Receipts rejected;

    private Cluster(ClusterSettings settings) throws Exception {
        this.settings = settings;
        redis = closer.add(new EmbeddedRedis(settings.redis()));
        kafka = closer.add(new EmbeddedKafka(EmbeddedKafkaSettings.temporary()));
        redis.start();
        kafka.start();
        Path folder = Files.createTempDirectory("pushgate-e2e");
        keyFile = SigningKeys.ensureDevelopment(folder);
        keys = SigningKeys.load(keyFile);
        closer.add(() -> Files.deleteIfExists(folder));
        closer.add(() -> Files.deleteIfExists(keyFile));
        PushgateConfig config = config(Map.of());
        KafkaTopics.ensure(
                config.kafka(),
                Topics.all().stream().collect(Collectors.toMap(topic -> topic, _ -> Map.of())));
        publisher =
                closer.add(
                        new KafkaPublisher(config.kafka(), "business", new SimpleMeterRegistry()));
        receipts = closer.add(Receipts.of(kafka.bootstrapServers()));
        rejected = closer.add(Receipts.rejected(kafka.bootstrapServers()));
    }

    /** One of each role with the defaults. */
    static Cluster start() throws Exception {
        return new ClusterSettings().start();
    }

    static Cluster start(ClusterSettings settings) throws Exception {
        Cluster cluster = new Cluster(settings);
        try {
            for (RoleKind kind : List.of(RoleKind.values()).reversed()) {
                for (int i = 0; i < settings.count(kind); i++) {
                    cluster.add(kind, Map.of());
                }
            }
            cluster.awaitReady();
            return cluster;
        } catch (Exception e) {
            cluster.close();
            throw e;
        }
    }

    /** Starts another member, with settings of its own over those of the cluster. */
    Member add(RoleKind kind, Map<String, String> own) throws Exception {
        return add(kind, own, settings.hook(kind));
    }

    /** The same with a hook of its own. */
    Member add(RoleKind kind, Map<String, String> own, UnaryOperator<RoleContext> hook)
            throws Exception {
        Member member =
                Member.start(
                        kind,
                        "n" + nextNode.getAndIncrement(),
                        config(own),
                        new Connections.Time(Ticker.system(), shiftMillis::get),
                        hook);
        members.add(member);
        return member;
    }

    /** Waits until every member is ready. */
    void awaitReady() {
        for (Member member : members) {
            Awaitility.await(member.kind().command() + " " + member.nodeId())
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    org.assertj.core.api.Assertions.assertThat(member.health())
                                            .matches(health -> health.isReady()));
        }
    }

    private PushgateConfig config(Map<String, String> own) throws Exception {
        Map<String, String> all = settings.config(own);
        all.put("redis.uri", redis.uri());
        all.put("redis.mode", "single");
        all.put("kafka.bootstrap-servers", kafka.bootstrapServers());
        all.putIfAbsent("access.jwks-file", keyFile.toString());
        return ConfigLoader.load(PushgateConfig.class, null, Map.of(), all);
    }

    /** The members of a role, in the order of their start. */
    List<Member> members(RoleKind kind) {
        return members.stream().filter(member -> member.kind() == kind).toList();
    }

    Member access() {
        return members(RoleKind.ACCESS_SERVER).getFirst();
    }

    /** Takes a member out; {@link Member#drain} or {@link Member#close} is up to the caller. */
    Member remove(Member member) {
        members.remove(member);
        return member;
    }

    EmbeddedRedis redis() {
        return redis;
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    Receipts receipts() {
        return receipts;
    }

    Receipts rejected() {
        return rejected;
    }

    /** Moves the mailbox's time forward for all members. */
    void advance(Duration by) {
        shiftMillis.addAndGet(by.toMillis());
    }

    /** Sum of a counter over the members of a role; tags as key, value, …. */
    double count(RoleKind kind, String meterName, String... tags) {
        return members(kind).stream().mapToDouble(member -> member.count(meterName, tags)).sum();
    }

    DeviceKey device(String device) {
        return new DeviceKey(APP, device);
    }

    String token(String device) {
        return token(new DeviceClaims(APP, device, null, "pos", Set.of()));
    }

    String token(DeviceClaims claims) {
        return keys.sign(claims, Instant.now().plus(Duration.ofHours(1)));
    }

    /** A token of {@link #APP} with an expiry of its own. */
    String tokenUntil(String device, Instant expires) {
        return keys.sign(new DeviceClaims(APP, device, null, "pos", Set.of()), expires);
    }

    /** A token that is fine but for its key, which this cluster does not know. */
    static String foreignToken(String device) throws Exception {
        Path folder = Files.createTempDirectory("pushgate-foreign");
        Path file = SigningKeys.ensureDevelopment(folder);
        try {
            return SigningKeys.load(file)
                    .sign(
                            new DeviceClaims(APP, device, null, "pos", Set.of()),
                            Instant.now().plus(Duration.ofHours(1)));
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }

    /** A device of {@link #APP} at the first access server. */
    TestDevice client(String device) {
        return client(access(), device, UnaryOperator.identity());
    }

    TestDevice client(Member access, String device, UnaryOperator<PushgateClientBuilder> settings) {
        return TestDevice.connect(access.url(), token(device), settings);
    }

    /** Connects devices pos-0 and on, on the access servers in turn, and waits until all are. */
    List<TestDevice> clients(int count, EventLoopGroup loops) {
        List<Member> nodes = members(RoleKind.ACCESS_SERVER);
        List<TestDevice> devices = new ArrayList<>();
        for (int d = 0; d < count; d++) {
            Member node = nodes.get(d % nodes.size());
            devices.add(client(node, "pos-" + d, builder -> builder.eventLoopGroup(loops)));
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> devices.stream().allMatch(TestDevice::isConnected));
        return devices;
    }

    /** A request to one device of {@link #APP} that asks for receipts. */
    PushRequest request(String id, String device, String json) {
        return PushRequest.of(
                        id,
                        APP,
                        new Target.Device(device, Set.of()),
                        json.getBytes(StandardCharsets.UTF_8))
                .withReceipt();
    }

    /** Publishes as a business service does; requests of one device stay in order. */
    CompletionStage<?> publish(PushRequest request) {
        String key =
                request.to() instanceof Target.Device(String device, Set<String> platforms)
                        ? device
                        : request.id();
        return publish(key, PushRequestCodec.encode(request));
    }

    /** Publishes to the requests of a lane. */
    CompletionStage<?> publishTo(String topic, PushRequest request) {
        byte[] key = request.id().getBytes(StandardCharsets.UTF_8);
        return publisher.send(topic, key, PushRequestCodec.encode(request), List.of());
    }

    /** Publishes any bytes to the requests. */
    CompletionStage<?> publish(@Nullable String key, byte[] value) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        return publisher.send(Topics.REQUESTS, keyBytes, value, List.of());
    }

    /** Takes a message back, as the console does. */
    RecallReport recall(String id) throws Exception {
        RoleContext context = access().context();
        ReceiptPublisher told =
                new ReceiptPublisher(
                        publisher, context.mailbox(), context.bus(), context.registry());
        return new Recall(context.mailbox(), context.bus(), told)
                .recall(APP, id)
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        try {
            for (RoleKind kind : RoleKind.values()) {
                members(kind).forEach(Member::close);
            }
        } finally {
            closer.close();
        }
    }
}
