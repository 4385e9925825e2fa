package io.pushgate.dispatcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pushgate.mailbox.LiveNodes;
import io.pushgate.mailbox.Traces;
import io.pushgate.protocol.BroadcastCodec;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeliveryCodec;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;
import io.pushgate.protocol.StageTimesCodec;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.LaneGate;
import io.pushgate.runtime.kafka.BatchHandler;
import io.pushgate.runtime.kafka.Completions;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Publishes a poll of deliveries, one batch per node, in one round trip; returns when Redis has
 * taken them, so that the deliveries of a device leave in order.
 */
final class DeliveryHandler implements BatchHandler {
    private static final Logger log = LoggerFactory.getLogger(DeliveryHandler.class);

    /** What a delivery costs in a batch besides its own encoding: times and lengths. */
    private static final int FRAMING_BYTES = 48;

    private final Priority lane;
    private final LaneGate gate;
    private final RouteCache routes;
    private final LiveNodes nodes;
    private final NodePublisher publisher;
    private final Traces traces;
    private final InstantSource clock;
    private final String replyTo;
    private final int maxBatchBytes;
    private final Counter taken;
    private final Counter broadcasts;
    private final Counter deadNode;
    private final Counter malformed;
    private final Timer purgerToDispatcher;

    DeliveryHandler(
            Priority lane,
            LaneGate gate,
            RouteCache routes,
            LiveNodes nodes,
            NodePublisher publisher,
            Traces traces,
            InstantSource clock,
            String replyTo,
            int maxBatchBytes,
            MeterRegistry registry) {
        this.lane = lane;
        this.gate = gate;
        this.routes = routes;
        this.nodes = nodes;
        this.publisher = publisher;
        this.traces = traces;
        this.clock = clock;
        this.replyTo = replyTo;
        this.maxBatchBytes = maxBatchBytes;
        this.taken = Meters.counter(registry, DispatcherMeters.TAKEN);
        this.broadcasts = Meters.counter(registry, DispatcherMeters.BROADCASTS);
        this.deadNode = Meters.counter(registry, DispatcherMeters.DROPPED, "reason", "dead_node");
        this.malformed = Meters.counter(registry, DispatcherMeters.DROPPED, "reason", "malformed");
        this.purgerToDispatcher =
                Meters.latency(
                        registry, DispatcherMeters.STAGE_DELAY, "stage", "purger_to_dispatcher");
    }

    @Override
    public void handle(List<ConsumerRecord<byte[], byte[]>> batch, Completions done)
            throws InterruptedException {
        taken.increment(batch.size());
        NodeBatches batches = new NodeBatches(replyTo, lane, maxBatchBytes);
        NodeBroadcasts toAll = new NodeBroadcasts(maxBatchBytes);
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            add(record, batches, toAll);
        }
        List<NodeBatches.Outgoing> outgoing = batches.all();
        outgoing.addAll(toAll.to(nodes.live()));
        try (LaneGate.Pass _ = gate.enter(lane.lane())) {
            publisher.publish(outgoing);
        }
        broadcasts.increment(toAll.count());
        done.completeAll(batch);
        outgoing.forEach(this::trace);
    }

    private void trace(NodeBatches.Outgoing outgoing) {
        if (outgoing.message() instanceof NodeMessage.Batch batch) {
            batch.deliveries().forEach(timed -> trace(outgoing.node(), timed.delivery()));
        }
    }

    private void trace(String to, Delivery delivery) {
        if (delivery instanceof Delivery.Push push && push.message().trace()) {
            traces.step(push.device(), push.message().id(), Traces.Kind.DISPATCHED, to, "");
        }
    }

    private void add(
            ConsumerRecord<byte[], byte[]> record, NodeBatches batches, NodeBroadcasts toAll) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        try {
            if (BroadcastCodec.isBroadcast(value)) {
                toAll.add(
                        new NodeMessage.TimedBroadcast(
                                BroadcastCodec.decode(value), dispatchedNow(record)),
                        value.length + FRAMING_BYTES);
            } else {
                add(record, DeliveryCodec.decode(value), batches);
            }
        } catch (InvalidInputException e) {
            // Only the gateway's own roles write this topic; Redis still holds the message.
            malformed.increment();
            log.warn(
                    "{}-{}@{} is no delivery: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }

    private void add(
            ConsumerRecord<byte[], byte[]> record, Delivery delivery, NodeBatches batches) {
        Delivery aimed = aim(delivery);
        String node = aimed.route().node();
        if (nodes.isDead(node)) {
            // Its devices come back elsewhere and replay their inbox; the delayer sees to the rest.
            routes.forget(aimed.device(), aimed.route());
            deadNode.increment();
            return;
        }
        batches.add(
                node,
                new NodeMessage.Timed(aimed, dispatchedNow(record)),
                record.value().length + FRAMING_BYTES);
    }

    private StageTimes dispatchedNow(ConsumerRecord<byte[], byte[]> record) {
        StageTimes times = times(record);
        long now = clock.millis();
        if (times.offeredAt() > 0) {
            purgerToDispatcher.record(Math.max(0, now - times.offeredAt()), TimeUnit.MILLISECONDS);
        }
        return times.withDispatchedAt(now);
    }

    /**
     * The delivery for the device's newest known session, so that a bounce names the route that was
     * used; a disconnect means one session and no other.
     */
    private Delivery aim(Delivery delivery) {
        return switch (delivery) {
            case Delivery.Push p -> {
                Route route = routes.newest(p.device(), p.route());
                yield route.equals(p.route())
                        ? p
                        : new Delivery.Push(
                                p.device(), route, p.position(), p.previous(), p.message());
            }
            case Delivery.Redeliver r ->
                    new Delivery.Redeliver(
                            r.device(), routes.newest(r.device(), r.route()), r.attempt());
            case Delivery.Recall r ->
                    new Delivery.Recall(
                            r.device(), routes.newest(r.device(), r.route()), r.position(), r.id());
            case Delivery.Regroup r ->
                    new Delivery.Regroup(r.device(), routes.newest(r.device(), r.route()));
            case Delivery.Disconnect d -> {
                routes.forget(d.device(), d.route());
                yield d;
            }
        };
    }

    private static StageTimes times(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(Topics.TIMES_HEADER);
        return StageTimesCodec.decode(header == null ? null : header.value());
    }
}
