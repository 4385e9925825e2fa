package io.pushgate.access;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.pushgate.access.auth.KeyException;
import io.pushgate.access.auth.KeyStore;
import io.pushgate.access.auth.TokenVerifier;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.Health.Check;
import io.pushgate.runtime.Role;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.runtime.telemetry.Meters;
import io.pushgate.runtime.tls.TlsContexts;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The role that holds the devices' connections. */
public final class AccessServer implements Role {
    static final String NAME = "access-server";

    private static final Logger log = LoggerFactory.getLogger(AccessServer.class);
    private static final Duration LOOK_AT_KEYS_EVERY = Duration.ofSeconds(3);
    private static final Duration LOOK_AT_CERTIFICATE_EVERY = Duration.ofSeconds(1);

    /** Sessions are checked over this time after the lease had run out. */
    private static final int VERIFY_SPREAD_MILLIS = 5_000;

    /** In how many parts all sessions are verified, one after the other. */
    private static final int VERIFY_SLICES = 60;

    private static final Duration RELEASE_WITHIN = Duration.ofSeconds(1);

    /** What a drain keeps back of its deadline to give up the lease. */
    private static final Duration KEPT_FOR_LEASE = Duration.ofMillis(200);

    private final AccessConfig config;
    private final RoleContext context;
    private final NodeClock clock;
    private final AccessMetrics metrics;
    private final Admission admission;
    private final SessionRegistry registry = new SessionRegistry();
    private final Inbox inbox;
    private final @Nullable PresenceRelay presences;
    private final LogSource logs;
    private final Leaving leaving;
    private final Closer closer = new Closer();
    private final long startedAt;
    private int nextSlice;
    private @Nullable Listener listener;
    private @Nullable NodePresence presence;
    private @Nullable ReceiptRelay relay;

    public AccessServer(AccessConfig config, RoleContext context) {
        this(config, context, context.redis().clock());
    }

    AccessServer(AccessConfig config, RoleContext context, InstantSource wall) {
        this.config = config;
        this.context = context;
        this.clock = new NodeClock(context.ticker(), wall);
        this.metrics = new AccessMetrics(context.registry());
        this.admission = new Admission(config.limits(), context.ticker());
        Inbox mailbox = new MailboxInbox(context.mailbox(), context.nodeId());
        this.presences = config.presence() ? new PresenceRelay(metrics) : null;
        this.inbox =
                presences == null ? mailbox : new PresenceInbox(mailbox, clock.wall(), presences);
        this.logs = new MailboxLogs(context.mailbox());
        this.leaving = new Leaving(inbox, metrics);
        this.startedAt = wall.millis();
    }

    @Override
    public String name() {
        return NAME;
    }

    /** The port that devices connect to, 0 before {@link #start}. */
    public int port() {
        Listener open = listener;
        return open == null ? 0 : open.port();
    }

    /** Open sessions; any thread. */
    int connections() {
        return metrics.connections.total();
    }

    @Override
    public void start() throws StartupException, InterruptedException {
        KeyStore keys = openKeys();
        ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("access-timer").factory());
        closer.add(timer::shutdownNow);
        TlsContexts tls = openTls(timer);
        KafkaPublisher kafka =
                closer.add(
                        new KafkaPublisher(
                                context.kafka(),
                                NAME + "-" + context.nodeId(),
                                context.registry(),
                                ReceiptPublisher.LINGER));
        ReceiptRelay receipts =
                closer.add(
                        new ReceiptRelay(
                                new ReceiptPublisher(
                                        kafka,
                                        context.mailbox(),
                                        context.bus(),
                                        context.registry()),
                                metrics));
        receipts.start();
        relay = receipts;
        if (presences != null) {
            closer.add(presences).start(kafka);
        }
        OpenSockets sockets = new OpenSockets(admission);
        Listener opening = closer.add(new Listener(config, sockets));
        listener = opening;
        LogHub hub =
                closer.add(
                        new LogHub(
                                opening.loops().getFirst(),
                                logs,
                                config.logs(),
                                ByteBufAllocator.DEFAULT,
                                metrics));
        Map<EventExecutor, LoopContext> loops = loopContexts(opening, receipts, hub);
        SessionContext sessions = sessionContext(opening, receipts);
        opening.bind(
                new AcceptFailures(metrics, clock),
                new ConnectionInitializer(
                        loops,
                        sessions,
                        new HandshakeRules(
                                new RequestRules(config.originAllowed()),
                                admission,
                                new TokenVerifier(keys, clock.wall())),
                        sockets,
                        new Entrance(config, tls, metrics)));
        Meters.gauge(context.registry(), AccessMeters.CONNECTIONS_LIMIT, admission::maxConnections);
        Meters.gauge(context.registry(), AccessMeters.SOCKETS, admission::sockets);
        Meters.gauge(context.registry(), AccessMeters.HANDSHAKES, admission::handshakes);
        Meters.gauge(context.registry(), AccessMeters.RECEIPTS_WAITING, receipts::open);
        Meters.gauge(context.registry(), AccessMeters.LEAVING, leaving::open);
        Meters.gauge(context.registry(), AccessMeters.LOGS, hub::followed);
        Meters.gauge(context.registry(), AccessMeters.LOG_BYTES, hub::bytes);
        Meters.gauge(context.registry(), AccessMeters.LOG_GROUPS, hub::groups);
        NodePresence appeared = appear(timer, List.copyOf(loops.values()), hub);
        presence = appeared;
        Meters.gauge(context.registry(), AccessMeters.LEASE_LEFT, appeared::leaseLeftSeconds);
        balance(timer);
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> refresh(keys),
                        LOOK_AT_KEYS_EVERY.toMillis(),
                        LOOK_AT_KEYS_EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
        long slice = config.verifyEvery().toMillis() / VERIFY_SLICES;
        var _ = timer.scheduleWithFixedDelay(this::verifySome, slice, slice, TimeUnit.MILLISECONDS);
        log.info(
                "{} listens on {}:{}, for {} connections",
                context.nodeId(),
                config.host(),
                port(),
                admission.maxConnections());
    }

    private @Nullable TlsContexts openTls(ScheduledExecutorService timer) throws StartupException {
        if (!config.tls().enabled()) {
            return null;
        }
        TlsContexts tls =
                closer.add(
                        TlsContexts.open("access", config.tls(), clock.wall(), context.registry()));
        long every = LOOK_AT_CERTIFICATE_EVERY.toMillis();
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> refresh(tls), every, every, TimeUnit.MILLISECONDS);
        return tls;
    }

    private static void refresh(TlsContexts tls) {
        try {
            tls.refresh();
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again.
            log.warn("keeping the certificate as it was", e);
        }
    }

    private KeyStore openKeys() throws StartupException {
        try {
            return KeyStore.open(config.keys(), config.jwksFile());
        } catch (KeyException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    private Map<EventExecutor, LoopContext> loopContexts(
            Listener opening, ReceiptSink receipts, LogHub hub) {
        Map<EventExecutor, LoopContext> loops = new HashMap<>();
        for (EventExecutor executor : opening.loops()) {
            AckBatcher acks = new AckBatcher(executor, inbox, config.ackBatch(), receipts, metrics);
            LoopContext loop =
                    new LoopContext(
                            loops.size(),
                            executor,
                            clock,
                            acks,
                            new LoopLogs(executor, hub, metrics, clock),
                            new CursorSaver(executor, logs, metrics),
                            metrics);
            loop.start();
            loops.put(executor, loop);
        }
        hub.start(loops.values().stream().map(LoopContext::logs).toList());
        return loops;
    }

    private SessionContext sessionContext(Listener opening, ReceiptSink receipts) {
        return new SessionContext(
                context.nodeId(),
                config,
                inbox,
                logs,
                registry,
                new BusTakeover(context.bus(), opening.loops().getFirst(), metrics),
                leaving,
                receipts,
                metrics,
                clock);
    }

    private NodePresence appear(
            ScheduledExecutorService timer, List<LoopContext> loops, LogHub hub) {
        List<LoopContext> byIndex = new ArrayList<>(loops);
        byIndex.sort(java.util.Comparator.comparingInt(LoopContext::index));
        NodePresence appearing =
                closer.add(
                        new NodePresence(
                                context.nodeId(),
                                context.leases(),
                                context.bus(),
                                this::lease,
                                config.leaseTtl(),
                                metrics,
                                clock,
                                this::verifyAll));
        DeliveryRouter router =
                new DeliveryRouter(
                        context.nodeId(),
                        registry,
                        byIndex,
                        context.bus(),
                        metrics,
                        clock,
                        hub::accept,
                        appearing::heard);
        appearing.start(timer, router::accept);
        context.redis().onHistoryChange(this::verifyAll);
        return appearing;
    }

    private String address() {
        String address = config.address();
        if (address == null) {
            return config.host() + ":" + port();
        }
        // Port 0 is the one it listens on.
        return address.endsWith(":0")
                ? address.substring(0, address.length() - 1) + port()
                : address;
    }

    /** Only where the operator says by which address devices reach this node. */
    private void balance(ScheduledExecutorService timer) {
        if (config.address() == null || config.balance().rate() == 0) {
            return;
        }
        Balancer balancer =
                new Balancer(
                        registry,
                        context.leases(),
                        config.balance(),
                        new Surplus(context.nodeId(), config.region(), config.balance()),
                        admission::isDraining,
                        metrics,
                        ThreadLocalRandom::current);
        long every = config.balance().every().toMillis();
        var _ =
                timer.scheduleWithFixedDelay(
                        balancer::look,
                        every + ThreadLocalRandom.current().nextLong(every),
                        every,
                        TimeUnit.MILLISECONDS);
    }

    private NodeLease lease() {
        String version = AccessServer.class.getPackage().getImplementationVersion();
        return new NodeLease(
                context.nodeId(),
                address(),
                connections(),
                config.region(),
                version == null ? "development" : version,
                startedAt,
                admission.isDraining());
    }

    /**
     * While the lease was gone, others may have taken the sessions out of Redis; a failover may
     * have lost the newest of them.
     */
    private void verifyAll() {
        for (Session session : registry.all()) {
            var _ =
                    session.loop()
                            .executor()
                            .schedule(
                                    session::verify,
                                    ThreadLocalRandom.current().nextInt(VERIFY_SPREAD_MILLIS),
                                    TimeUnit.MILLISECONDS);
        }
    }

    /**
     * One slice of the sessions, so that each has its turn: whatever took a session out of Redis
     * that lives, its device must not go without for ever.
     */
    private void verifySome() {
        int slice = nextSlice;
        nextSlice = (slice + 1) % VERIFY_SLICES;
        for (Session session : registry.all()) {
            if (Math.floorMod(session.device().hashCode(), VERIFY_SLICES) == slice) {
                session.onLoop(session::verify);
            }
        }
    }

    private void refresh(KeyStore keys) {
        try {
            if (!keys.refresh()) {
                metrics.error(AccessError.KEYS_UNREADABLE);
            }
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again.
            metrics.error(AccessError.KEYS_UNREADABLE);
            log.warn("keeping the keys as they were", e);
        }
    }

    @Override
    public Health health() {
        Listener open = listener;
        NodePresence present = presence;
        if (open == null || present == null) {
            return Health.of(Check.failing(NAME, "has not started"));
        }
        if (admission.isDraining()) {
            return Health.of(Check.failing(NAME, "shuts down"));
        }
        return Health.of(
                open.isListening()
                        ? Check.ok(
                                NAME,
                                metrics.connections.total() + " devices on port " + open.port())
                        : Check.failing(NAME, "does not listen any more"),
                present.leaseCheck(),
                present.channelCheck());
    }

    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        admission.drain();
        NodePresence announced = presence;
        if (announced != null) {
            announced.announce();
        }
        Listener open = listener;
        if (open != null) {
            open.stopAccepting();
        }
        // The lease goes last, and it too before the deadline.
        Deadline own = new Deadline(deadline.nanos() - KEPT_FOR_LEASE.toNanos(), deadline.ticker());
        Drain.Outcome outcome = new Drain(registry, leaving, config.goawaySpread()).run(own);
        ReceiptRelay receipts = relay;
        int unpublished = receipts == null ? 0 : receipts.await(own);
        NodePresence present = presence;
        boolean released =
                present == null
                        || present.release(
                                deadline.orIn(RELEASE_WITHIN)
                                        .remaining()
                                        .plus(Duration.ofMillis(1)));
        if (outcome.cut() + outcome.unsettled() + unpublished == 0 && released) {
            log.info("drained: {} devices were asked to go, and went", outcome.asked());
        } else {
            log.warn(
                    "drained, not without leftovers: of {} devices {} were cut, {} ended sessions"
                            + " are not confirmed by Redis, {} receipts stay in the outbox{}",
                    outcome.asked(),
                    outcome.cut(),
                    outcome.unsettled(),
                    unpublished,
                    released ? "" : ", the lease has to run out");
        }
    }

    @Override
    public void close() {
        closer.close();
    }
}
