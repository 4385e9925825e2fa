package io.pushgate.access;

import io.pushgate.access.AccessConfig.AccessBalance;
import io.pushgate.mailbox.NodeAssignment;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.protocol.ServerFrame;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Has a node that holds more than its share of the connections send some of them to nodes that hold
 * fewer, as after a node was added or came back: each device is told a moment of its own, and the
 * address of the node to go to. Rounds begin on the timer and end on Lettuce's threads, one at a
 * time.
 */
final class Balancer {
    private static final Logger log = LoggerFactory.getLogger(Balancer.class);

    /** As in a drain: what a closing client does not read would be sent again elsewhere. */
    private static final Duration QUIET = Duration.ofMillis(250);

    /** How long after its moment a device is closed that did not go. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final SessionRegistry registry;
    private final NodeLeases leases;
    private final AccessBalance config;
    private final Surplus surplus;
    private final BooleanSupplier draining;
    private final AccessMetrics metrics;
    private final Supplier<? extends RandomGenerator> randoms;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** Devices are on their way: until they have arrived, no lease counts them. */
    private volatile boolean underWay;

    Balancer(
            SessionRegistry registry,
            NodeLeases leases,
            AccessBalance config,
            Surplus surplus,
            BooleanSupplier draining,
            AccessMetrics metrics,
            Supplier<? extends RandomGenerator> randoms) {
        this.registry = registry;
        this.leases = leases;
        this.config = config;
        this.surplus = surplus;
        this.draining = draining;
        this.metrics = metrics;
        this.randoms = randoms;
    }

    /** One round; never throws, as a periodic task that throws is never run again. */
    void look() {
        if (underWay) {
            underWay = false;
            return;
        }
        if (!draining.getAsBoolean() && busy.compareAndSet(false, true)) {
            ask().whenComplete(
                            (done, cause) -> {
                                busy.set(false);
                                if (cause != null) {
                                    metrics.error(AccessError.BALANCE_FAILED);
                                }
                            });
        }
    }

    private CompletionStage<Void> ask() {
        try {
            return leases.live().thenAccept(this::balance);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void balance(List<NodeLease> live) {
        Surplus.Round round = surplus.of(metrics.connections.total(), live);
        metrics.balanceSurplus.set(round.above());
        if (round.shed() > 0 && !draining.getAsBoolean()) {
            List<NodeLease> targets = new ArrayList<>(round.targets());
            int asked = 0;
            RandomGenerator random = randoms.get();
            for (Session session : sample(round.shed(), random)) {
                NodeLease target = NodeAssignment.choose(targets, random).orElse(null);
                if (target == null) {
                    break;
                }
                send(session, target, random);
                asked++;
                targets.remove(target);
                if (target.connections() + 1 < round.mean()) {
                    targets.add(target.withConnections(target.connections() + 1));
                }
            }
            underWay = asked > 0;
            log.info(
                    "{} connections above the mean of the nodes: asking {} devices to go elsewhere",
                    round.above(),
                    asked);
        }
    }

    /** So many sessions, each with the same chance (reservoir sampling, Vitter's algorithm R). */
    private List<Session> sample(int count, RandomGenerator random) {
        List<Session> sample = new ArrayList<>(count);
        int seen = 0;
        for (Session session : registry.all()) {
            seen++;
            if (sample.size() < count) {
                sample.add(session);
            } else {
                int place = random.nextInt(seen);
                if (place < count) {
                    sample.set(place, session);
                }
            }
        }
        return sample;
    }

    private void send(Session session, NodeLease target, RandomGenerator random) {
        // Within the round, so that the next one counts those who went.
        long window = config.every().toMillis() * 3 / 4;
        long quiet = Math.min(QUIET.toMillis(), window / 2);
        long after = random.nextLong(quiet, window);
        String url = Surplus.url(target);
        session.onLoop(
                () -> {
                    if (session.isSettled(config.every())) {
                        metrics.balanceAsked.increment();
                        session.goaway(
                                new ServerFrame.Goaway("balance", after, url),
                                Duration.ofMillis(quiet),
                                GRACE);
                    }
                });
    }
}
