package io.pushgate.dispatcher;

import io.micrometer.core.instrument.Gauge;
import io.pushgate.mailbox.LiveNodes;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.LaneGate;
import io.pushgate.runtime.Role;
import io.pushgate.runtime.kafka.ConsumerLoop;
import io.pushgate.runtime.kafka.ConsumerLoopConfig;
import io.pushgate.runtime.telemetry.Meters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The role that takes deliveries to the access nodes. Any number may run: they share the partitions
 * of {@code push.deliveries} and its other lanes, and each takes the bounces of what it published.
 * A more urgent lane passes the others between two of their polls.
 */
public final class Dispatcher implements Role {
    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    /** How long a drain waits for the bounces of what was published last. */
    private static final Duration BOUNCES_WITHIN = Duration.ofMillis(300);

    /** A poll of a less urgent lane waits at most so long for more urgent ones. */
    private static final long MOST_WAIT_MILLIS = 20;

    private final RoleContext context;
    private final String replyTo;
    private final LiveNodes nodes;
    private final Unheard unheard;
    private final Bounces bounces;
    private final List<ConsumerLoop> loops;
    private final Gauge remembered;
    private final Closer closer = new Closer();

    public Dispatcher(DispatcherConfig config, RoleContext context) {
        this(config, context, context.redis().clock());
    }

    /**
     * @param clock epoch time, for the stage delays
     */
    Dispatcher(DispatcherConfig config, RoleContext context, InstantSource clock) {
        this.context = context;
        // Unique to this object: a dispatcher that was replaced doesn't get its successor's
        // bounces.
        this.replyTo = context.nodeId() + "-" + UUID.randomUUID().toString().substring(0, 8);
        this.nodes =
                new LiveNodes(context.leases(), config.leaseRefresh(), config.deadAfterRefreshes());
        RouteCache routes = new RouteCache(config.routeCacheSize());
        this.remembered = Meters.gauge(context.registry(), DispatcherMeters.ROUTES, routes::size);
        this.unheard = new Unheard(context.bus(), context.registry());
        NodePublisher publisher =
                new NodePublisher(
                        context.bus(),
                        new Backoff(config.retryFirst(), config.retryMost()),
                        unheard,
                        context.registry());
        this.bounces =
                new Bounces(
                        config, context.mailbox(), routes, publisher, replyTo, context.registry());
        LaneGate gate = new LaneGate(Priority.values().length, MOST_WAIT_MILLIS);
        this.loops =
                Stream.of(Priority.values())
                        .map(
                                lane ->
                                        loop(
                                                lane,
                                                config,
                                                new DeliveryHandler(
                                                        lane,
                                                        gate,
                                                        routes,
                                                        nodes,
                                                        publisher,
                                                        context.mailbox().traces(),
                                                        clock,
                                                        replyTo,
                                                        config.maxBatchBytes(),
                                                        context.registry())))
                        .toList();
    }

    private ConsumerLoop loop(Priority lane, DispatcherConfig config, DeliveryHandler handler) {
        String suffix = lane == Priority.NORMAL ? "" : "-" + lane.wireName();
        return new ConsumerLoop(
                ConsumerLoopConfig.of(
                                Topics.deliveries(lane),
                                config.group() + suffix,
                                context.nodeId() + "-dispatcher" + suffix)
                        .withLimits(
                                config.maxPollRecords(),
                                config.maxInFlight(),
                                ConsumerLoopConfig.DEFAULT_MAX_IN_FLIGHT_BYTES),
                context.kafka(),
                handler,
                context.registry());
    }

    @Override
    public String name() {
        return "dispatcher";
    }

    @Override
    public void start() {
        closer.add(nodes).start();
        closer.add(bounces).start();
        closer.add(unheard);
        closer.add(context.bus().subscribeReplies(replyTo, bounces::accept));
        loops.forEach(ConsumerLoop::start);
    }

    @Override
    public Health health() {
        List<Health.Check> checks = new ArrayList<>();
        loops.forEach(loop -> checks.add(loop.health()));
        checks.add(context.redis().check());
        return new Health(checks);
    }

    /**
     * Takes no more deliveries, publishes what it has, commits, and sees to the bounces that come
     * in meanwhile or shortly after: nobody else gets those.
     */
    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        boolean published = true;
        for (ConsumerLoop loop : loops) {
            published &= loop.drain(deadline);
        }
        int bounced = bounces.drain(deadline.orIn(BOUNCES_WITHIN));
        if (published && bounced == 0) {
            log.info("drained: every delivery taken was published");
        } else {
            log.warn(
                    "drained, not without leftovers: {}{} bounced devices are left to the delayer",
                    published ? "" : "deliveries are taken again by another dispatcher, ",
                    bounced);
        }
    }

    @Override
    public void close() {
        context.registry().remove(remembered);
        loops.forEach(closer::add);
        closer.close();
    }
}
