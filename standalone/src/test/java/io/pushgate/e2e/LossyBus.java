package io.pushgate.e2e;

import io.pushgate.mailbox.NodeBus;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Priority;
import io.pushgate.runtime.redis.Subscribers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Loses every third delivery between the dispatcher and the access nodes, as pub/sub may. */
final class LossyBus extends NodeBus {
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final NodeBus bus;

    private LossyBus(NodeBus bus) {
        super(bus);
        this.bus = bus;
    }

    static RoleContext under(RoleContext context) {
        return context.withBus(new LossyBus(context.bus()));
    }

    int lost() {
        return lost.get();
    }

    @Override
    public CompletionStage<Subscribers> publish(String node, NodeMessage message) {
        return switch (message) {
            case NodeMessage.Batch(
                            String replyTo,
                            Priority lane,
                            List<NodeMessage.Timed> deliveries) -> {
                List<NodeMessage.Timed> kept = new ArrayList<>();
                for (NodeMessage.Timed delivery : deliveries) {
                    if (seen.incrementAndGet() % 3 == 0) {
                        lost.incrementAndGet();
                    } else {
                        kept.add(delivery);
                    }
                }
                yield kept.isEmpty()
                        ? CompletableFuture.completedFuture(Subscribers.SOME)
                        : bus.publish(node, new NodeMessage.Batch(replyTo, lane, kept));
            }
            case NodeMessage.Broadcasts(List<NodeMessage.TimedBroadcast> broadcasts) -> {
                List<NodeMessage.TimedBroadcast> kept = new ArrayList<>();
                for (NodeMessage.TimedBroadcast broadcast : broadcasts) {
                    if (seen.incrementAndGet() % 3 == 0) {
                        lost.incrementAndGet();
                    } else {
                        kept.add(broadcast);
                    }
                }
                yield kept.isEmpty()
                        ? CompletableFuture.completedFuture(Subscribers.SOME)
                        : bus.publish(node, new NodeMessage.Broadcasts(kept));
            }
            case NodeMessage.Recalled recalled -> bus.publish(node, recalled);
            case NodeMessage.Probe probe -> bus.publish(node, probe);
            case NodeMessage.Bounce bounce -> bus.publish(node, bounce);
        };
    }
}
