package io.pushgate.access;

import io.netty.util.concurrent.EventExecutor;
import io.pushgate.mailbox.NodeBus;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells another node that a device has come here. A channel may lose it and never says so, so it is
 * said three times; it names the exact session, and the second time changes nothing. Any thread.
 */
final class BusTakeover implements Takeover {
    private static final long[] REPEAT_AFTER_MILLIS = {1_000, 5_000};

    private final NodeBus bus;
    private final EventExecutor timer;
    private final AccessMetrics metrics;

    BusTakeover(NodeBus bus, EventExecutor timer, AccessMetrics metrics) {
        this.bus = bus;
        this.timer = timer;
        this.metrics = metrics;
    }

    @Override
    public void tell(DeviceKey device, Route replaced) {
        Delivery.Disconnect order = new Delivery.Disconnect(device, replaced, CloseReason.REPLACED);
        NodeMessage message =
                new NodeMessage.Batch("", List.of(new NodeMessage.Timed(order, StageTimes.NONE)));
        publish(replaced.node(), message);
        for (long after : REPEAT_AFTER_MILLIS) {
            if (!timer.isShuttingDown()) {
                var _ =
                        timer.schedule(
                                () -> publish(replaced.node(), message),
                                after,
                                TimeUnit.MILLISECONDS);
            }
        }
    }

    private void publish(String node, NodeMessage message) {
        bus.publish(node, message)
                .whenComplete(
                        (done, cause) -> {
                            if (cause != null) {
                                metrics.error(AccessError.TAKEOVER_FAILED);
                            }
                        });
    }
}
