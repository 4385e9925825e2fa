package io.pushgate.access;

import io.pushgate.mailbox.NodeBus;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Priority;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Takes what is published to this node to the sessions it is for: one task a loop and batch, one
 * flush a connection and pass. Runs on Lettuce's thread, and never blocks it.
 */
final class DeliveryRouter {
    private final String nodeId;
    private final SessionRegistry registry;
    private final List<LoopContext> loops;
    private final NodeBus bus;
    private final AccessMetrics metrics;
    private final NodeClock clock;
    private final Consumer<NodeMessage.OfLogs> broadcasted;
    private final LongConsumer probes;

    /**
     * @param broadcasted takes what concerns broadcast logs
     * @param probes told the nonce of each probe that comes in
     */
    DeliveryRouter(
            String nodeId,
            SessionRegistry registry,
            List<LoopContext> loops,
            NodeBus bus,
            AccessMetrics metrics,
            NodeClock clock,
            Consumer<NodeMessage.OfLogs> broadcasted,
            LongConsumer probes) {
        this.nodeId = nodeId;
        this.registry = registry;
        this.loops = loops;
        this.bus = bus;
        this.metrics = metrics;
        this.clock = clock;
        this.broadcasted = broadcasted;
        this.probes = probes;
    }

    void accept(NodeMessage message) {
        switch (message) {
            case NodeMessage.Batch batch -> route(batch);
            case NodeMessage.OfLogs ofLogs -> broadcasted.accept(ofLogs);
            case NodeMessage.Probe probe -> probes.accept(probe.nonce());
            case NodeMessage.Bounce bounce -> metrics.error(AccessError.BOUNCE_FAILED);
        }
    }

    private void route(NodeMessage.Batch batch) {
        long arrivedNanos = clock.nanos();
        long arrivedMillis = clock.millis();
        @Nullable Run[] runs = new @Nullable Run[loops.size()];
        List<NodeMessage.Missed> missed = new ArrayList<>(0);
        for (NodeMessage.Timed timed : batch.deliveries()) {
            if (timed.times().dispatchedAt() > 0) {
                metrics.dispatcherToAccess(arrivedMillis - timed.times().dispatchedAt());
            }
            Delivery delivery = timed.delivery();
            Session session = registry.find(delivery.device());
            if (session != null) {
                int index = session.loop().index();
                Run run = runs[index];
                if (run == null) {
                    run = new Run(arrivedNanos);
                    runs[index] = run;
                }
                run.add(session, timed);
            } else if (!(delivery instanceof Delivery.Disconnect)
                    && !(delivery instanceof Delivery.Recall)
                    && !(delivery instanceof Delivery.Regroup)) {
                missed.add(new NodeMessage.Missed(delivery.device(), delivery.route()));
            }
        }
        for (Run run : runs) {
            if (run != null && !run.submit(batch.lane())) {
                metrics.dropped.increment(run.size());
            }
        }
        if (!missed.isEmpty()) {
            bounce(batch.replyTo(), missed);
        }
    }

    private void bounce(String replyTo, List<NodeMessage.Missed> missed) {
        metrics.bounces.increment(missed.size());
        if (replyTo.isEmpty()) {
            return;
        }
        bus.publishReply(replyTo, new NodeMessage.Bounce(nodeId, missed))
                .whenComplete(
                        (done, cause) -> {
                            if (cause != null) {
                                metrics.error(AccessError.BOUNCE_FAILED);
                            }
                        });
    }

    /** The deliveries of one batch for the sessions of one loop, in order. */
    private static final class Run implements Runnable {
        private final long arrivedNanos;
        private final ArrayList<Session> sessions = new ArrayList<>();
        private final ArrayList<NodeMessage.Timed> deliveries = new ArrayList<>();

        Run(long arrivedNanos) {
            this.arrivedNanos = arrivedNanos;
        }

        void add(Session session, NodeMessage.Timed timed) {
            sessions.add(session);
            deliveries.add(timed);
        }

        int size() {
            return sessions.size();
        }

        boolean submit(Priority lane) {
            return sessions.getFirst().loop().submit(lane, size(), this);
        }

        @Override
        public void run() {
            for (int i = 0; i < sessions.size(); i++) {
                NodeMessage.Timed timed = deliveries.get(i);
                sessions.get(i).receive(timed.delivery(), timed.times(), arrivedNanos);
            }
        }
    }
}
