package io.pushgate.dispatcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.NodeBus;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.redis.Subscribers;
import io.pushgate.runtime.telemetry.Meters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Publishes batches until Redis has taken each. A batch whose answer was lost is published twice;
 * the access node knows a position it has sent. Any thread.
 */
final class NodePublisher {
    private static final Logger log = LoggerFactory.getLogger(NodePublisher.class);

    private final NodeBus bus;
    private final Backoff backoff;
    private final Unheard unheard;
    private final Counter batches;
    private final Counter published;
    private final Counter retries;

    NodePublisher(NodeBus bus, Backoff backoff, Unheard unheard, MeterRegistry registry) {
        this.bus = bus;
        this.backoff = backoff;
        this.unheard = unheard;
        this.batches = Meters.counter(registry, DispatcherMeters.BATCHES);
        this.published = Meters.counter(registry, DispatcherMeters.PUBLISHED);
        this.retries = Meters.counter(registry, DispatcherMeters.RETRIES);
    }

    /**
     * Publishes all of them in one pipelined round trip, what failed again after a pause.
     *
     * @throws InterruptedException when the thread is interrupted before Redis had all
     */
    void publish(List<NodeBatches.Outgoing> outgoing) throws InterruptedException {
        List<NodeBatches.Outgoing> open = outgoing;
        for (int failures = 1; ; failures++) {
            open = tryOnce(open);
            if (open.isEmpty()) {
                return;
            }
            retries.increment(open.size());
            // The powers of two only: an outage of an hour is a dozen lines.
            if (Integer.bitCount(failures) == 1) {
                log.warn("publish to access nodes failed {} times, trying again", failures);
            }
            Thread.sleep(backoff.pause(failures));
        }
    }

    private List<NodeBatches.Outgoing> tryOnce(List<NodeBatches.Outgoing> batchesToSend)
            throws InterruptedException {
        List<CompletableFuture<Subscribers>> calls = new ArrayList<>(batchesToSend.size());
        for (NodeBatches.Outgoing one : batchesToSend) {
            calls.add(bus.publish(one.node(), one.message()).toCompletableFuture());
        }
        List<NodeBatches.Outgoing> failed = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            NodeBatches.Outgoing one = batchesToSend.get(i);
            try {
                if (calls.get(i).get() == Subscribers.NONE) {
                    unheard.retry(one);
                }
                batches.increment();
                published.increment(one.deliveries());
            } catch (ExecutionException e) {
                log.debug("publish to {} failed", one.node(), e);
                failed.add(one);
            }
        }
        return failed;
    }
}
