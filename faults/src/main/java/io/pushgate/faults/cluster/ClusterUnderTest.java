package io.pushgate.faults.cluster;

import io.pushgate.faults.load.Tokens;
import io.pushgate.faults.process.FixedPorts;
import io.pushgate.faults.proxy.FaultProxy;
import io.pushgate.faults.proxy.ServerFrames;
import io.pushgate.faults.proxy.Tap;
import io.pushgate.runtime.Closer;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The gateway as it runs in production, on one machine: every role a JVM of its own, several of
 * each, a real Redis and a real Kafka, and a {@link FaultProxy} on each link that a scenario may
 * break: devices to each access node, and each kind of role to Redis.
 *
 * <p>One thread starts and closes it; in between its parts may be used by any.
 */
public final class ClusterUnderTest implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);

    private final Topology topology;
    private final Path dir;
    private final FixedPorts ports = new FixedPorts();
    private final Tokens tokens = Tokens.random();
    private final Closer closer = new Closer();
    private final Map<Kind, List<RoleProc>> roles = new EnumMap<>(Kind.class);
    private final Map<Kind, FaultProxy> redisProxies = new EnumMap<>(Kind.class);
    private final List<FaultProxy> deviceProxies = new ArrayList<>();
    private final List<Integer> accessPorts = new ArrayList<>();
    private final KafkaProc kafka;
    private final Redis redis;
    private volatile Consumer<String> wire = _ -> {};
    private int extras;

    private ClusterUnderTest(Topology topology, Path dir) {
        this.topology = topology;
        this.dir = dir;
        this.redis = closer.add(Redis.start(topology, dir, ports.next()));
        this.kafka = closer.add(new KafkaProc(dir, ports.next(), isMeasured()));
    }

    /**
     * Starts everything and waits until all of it is ready.
     *
     * @param dir for logs and data; exists
     * @throws IllegalStateException where a part does not come up; what was started is gone then
     */
    public static ClusterUnderTest start(Topology topology, Path dir) throws InterruptedException {
        ClusterUnderTest cluster = new ClusterUnderTest(topology, dir);
        try {
            cluster.startRoles();
            return cluster;
        } catch (InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void startRoles() throws InterruptedException {
        kafka.start();
        for (Kind kind : Kind.values()) {
            List<RoleProc> all = new ArrayList<>();
            for (int i = 0; i < kind.count(); i++) {
                all.add(role(kind, kind.nodeId(i)));
            }
            roles.put(kind, List.copyOf(all));
        }
        all().forEach(RoleProc::start);
        for (RoleProc role : all()) {
            role.awaitReady(READY_WITHIN);
        }
    }

    private RoleProc role(Kind kind, String nodeId) {
        String redisUri =
                topology == Topology.SINGLE
                        ? "redis://127.0.0.1:" + redisProxy(kind).port()
                        : redis.uri();
        Map<String, String> env =
                new HashMap<>(Settings.common(redisUri, kafka.bootstrapServers()));
        env.putAll(Settings.of(kind));
        if (topology == Topology.SENTINEL || topology == Topology.CLUSTER) {
            env.put("PUSHGATE_MAILBOX_MIN_REPLICAS", "1");
        }
        if (kind == Kind.ACCESS) {
            if (!isMeasured()) {
                env.putAll(Settings.watchful());
            }
            int port = ports.next();
            accessPorts.add(port);
            deviceProxies.add(
                    closer.add(
                            FaultProxy.start(
                                    ports.next(),
                                    port,
                                    () -> new ServerFrames(frame -> wire.accept(frame)))));
            env.put("PUSHGATE_ACCESS_PORT", Integer.toString(port));
            env.put("PUSHGATE_ACCESS_KEYS", tokens.key());
        }
        return closer.add(
                new RoleProc(
                        kind,
                        nodeId,
                        ports.next(),
                        env,
                        dir.resolve(nodeId + ".log"),
                        isMeasured()));
    }

    private boolean isMeasured() {
        return topology == Topology.MEASURED;
    }

    public Topology topology() {
        return topology;
    }

    /** Where logs and data are. */
    public Path dir() {
        return dir;
    }

    public Tokens tokens() {
        return tokens;
    }

    public Redis redis() {
        return redis;
    }

    public KafkaProc kafka() {
        return kafka;
    }

    /** Those of a kind, without the extra ones. */
    public List<RoleProc> roles(Kind kind) {
        return roles.getOrDefault(kind, List.of());
    }

    /** All of them, upstream first. */
    public List<RoleProc> all() {
        return roles.values().stream().flatMap(List::stream).toList();
    }

    /** One more of a kind that is no access node; not started, and its owner's to close. */
    public synchronized RoleProc extra(Kind kind) {
        return role(kind, kind.nodeId(kind.count() + extras++));
    }

    /** Before the access node of that index; devices know no other way. */
    public FaultProxy deviceProxy(int index) {
        return deviceProxies.get(index);
    }

    /** Where an access node itself listens. */
    public int accessPort(int index) {
        return accessPorts.get(index);
    }

    /** Where devices connect, one address for each access node. */
    public List<URI> urls() {
        return deviceProxies.stream().map(p -> URI.create("ws://127.0.0.1:" + p.port())).toList();
    }

    /**
     * Before Redis, for the roles of a kind.
     *
     * @throws IllegalStateException where Redis is more than one server: those say by themselves
     *     where they are
     */
    public FaultProxy redisProxy(Kind kind) {
        if (!(redis instanceof Redis.Single(var node))) {
            throw new IllegalStateException("no proxy stands before a Redis of several servers");
        }
        return redisProxies.computeIfAbsent(
                kind, _ -> closer.add(FaultProxy.start(ports.next(), node.port(), () -> Tap.NONE)));
    }

    /** Who sees every text frame that an access node sends; one at a time. */
    public void onWire(Consumer<String> listener) {
        wire = listener;
    }

    /** Ends every fault: heals the network, lets go what is frozen, starts what is down, waits. */
    public void ensureUp() throws InterruptedException {
        deviceProxies.forEach(FaultProxy::heal);
        redisProxies.values().forEach(FaultProxy::heal);
        redis.ensureUp();
        if (kafka.isAlive()) {
            kafka.proc().cont();
        }
        kafka.start();
        for (RoleProc role : all()) {
            if (role.isAlive()) {
                role.proc().cont();
            }
            role.start();
        }
        for (RoleProc role : all()) {
            role.awaitReady(READY_WITHIN);
        }
    }

    @Override
    public void close() {
        closer.close();
    }
}
