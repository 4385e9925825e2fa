package io.pushgate.dispatcher;

import static org.awaitility.Awaitility.await;

import io.pushgate.mailbox.NodeBus;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.runtime.redis.Subscription;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a dispatcher sees of an access node: it takes batches and bounces the devices it lost. */
final class FakeNode implements AutoCloseable {
    private final String id;
    private final NodeBus bus;
    private final List<NodeMessage.Batch> batches = new CopyOnWriteArrayList<>();
    private final List<Broadcast> broadcasts = new CopyOnWriteArrayList<>();
    private final Set<DeviceKey> lost = ConcurrentHashMap.newKeySet();
    private final Subscription subscription;
    private volatile boolean probed;

    FakeNode(String id, NodeBus bus) {
        this.id = id;
        this.bus = bus;
        this.subscription = bus.subscribe(id, this::accept);
        await("subscription of " + id)
                .until(
                        () -> {
                            bus.publish(id, new NodeMessage.Probe(1));
                            return probed;
                        });
    }

    String id() {
        return id;
    }

    /** From now on the device is not here. */
    void lose(DeviceKey device) {
        lost.add(device);
    }

    /** Every broadcast that came, in order. */
    List<Broadcast> broadcasts() {
        return broadcasts;
    }

    List<NodeMessage.Batch> batches() {
        return batches;
    }

    /** Every delivery that came, in order. */
    List<Delivery> deliveries() {
        return batches.stream()
                .flatMap(batch -> batch.deliveries().stream())
                .map(NodeMessage.Timed::delivery)
                .toList();
    }

    /** The ids of the pushes that came, in order. */
    List<String> ids() {
        return deliveries().stream()
                .filter(Delivery.Push.class::isInstance)
                .map(delivery -> ((Delivery.Push) delivery).message().id())
                .toList();
    }

    private void accept(NodeMessage message) {
        switch (message) {
            case NodeMessage.Probe probe -> probed = true;
            case NodeMessage.Broadcasts(List<NodeMessage.TimedBroadcast> all) ->
                    all.forEach(timed -> broadcasts.add(timed.broadcast()));
            case NodeMessage.Recalled _ -> throw new AssertionError("a recall by a dispatcher");
            case NodeMessage.Bounce bounce -> throw new AssertionError("a bounce for a node");
            case NodeMessage.Batch batch -> {
                batches.add(batch);
                List<NodeMessage.Missed> missed =
                        batch.deliveries().stream()
                                .map(NodeMessage.Timed::delivery)
                                .filter(delivery -> lost.contains(delivery.device()))
                                .map(d -> new NodeMessage.Missed(d.device(), d.route()))
                                .toList();
                if (!missed.isEmpty()) {
                    bus.publishReply(batch.replyTo(), new NodeMessage.Bounce(id, missed));
                }
            }
        }
    }

    @Override
    public void close() {
        subscription.close();
    }
}
