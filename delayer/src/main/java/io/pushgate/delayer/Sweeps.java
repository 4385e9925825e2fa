package io.pushgate.delayer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.mailbox.OutboxReceipt;
import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;
import io.pushgate.runtime.telemetry.Meters;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/**
 * Takes expired messages out of their inboxes and publishes the receipts whose producer died. One
 * bite per shard and run: what is left over comes with the next.
 */
final class Sweeps implements Repeater.Task {
    private final Mailbox mailbox;
    private final NodeLeases leases;
    private final Outbound outbound;
    private final ReceiptPublisher receipts;
    private final ShardWalk walk;
    private final int limit;
    private final Duration outboxAge;
    private final Counter checks;
    private final Counter expired;
    private final Counter swept;
    private final Timer walks;

    Sweeps(
            Mailbox mailbox,
            NodeLeases leases,
            Outbound outbound,
            ReceiptPublisher receipts,
            ShardWalk walk,
            DelayerConfig config,
            MeterRegistry registry) {
        this.mailbox = mailbox;
        this.leases = leases;
        this.outbound = outbound;
        this.receipts = receipts;
        this.walk = walk;
        this.limit = config.limit();
        this.outboxAge = config.outboxAge();
        this.checks = Meters.counter(registry, DelayerMeters.CHECKS, "kind", "sweep");
        this.expired = Meters.counter(registry, DelayerMeters.EXPIRED);
        this.swept = Meters.counter(registry, DelayerMeters.SWEPT);
        this.walks = Meters.latency(registry, DelayerMeters.WALKS, "kind", "sweep");
    }

    @Override
    public void run() throws InterruptedException {
        Timer.Sample sample = Timer.start();
        var _ = walk.walk(shard -> true, this::busy, this::visit);
        sample.stop(walks);
    }

    /**
     * A forgotten {@code unacked} may mean that its delayer died between the claim and the cut.
     * Then a node still holds a connection that has no session and would get nothing: whichever it
     * is, it is told, by the number the session had.
     */
    private void finishCut(Receipt receipt) throws InterruptedException, ExecutionException {
        if (receipt.status() != Receipt.Status.UNACKED || receipt.device() == null) {
            return;
        }
        DeviceKey device = new DeviceKey(receipt.app(), receipt.device());
        Optional<Long> session = mailbox.newestSession(device).toCompletableFuture().get();
        if (session.isEmpty() || mailbox.route(device).toCompletableFuture().get().isPresent()) {
            return;
        }
        for (NodeLease node : leases.live().toCompletableFuture().get()) {
            outbound.deliver(
                    new Delivery.Disconnect(
                            device, new Route(node.id(), session.get()), CloseReason.TOO_SLOW));
        }
    }

    private List<Integer> busy(List<Integer> shards)
            throws InterruptedException, ExecutionException {
        checks.increment(shards.size());
        List<Boolean> answers = mailbox.sweepable(shards, outboxAge).toCompletableFuture().get();
        return IntStream.range(0, answers.size())
                .filter(answers::get)
                .mapToObj(shards::get)
                .toList();
    }

    private void visit(int shard) throws InterruptedException, ExecutionException {
        List<OutboxReceipt> forgotten =
                mailbox.pending(shard, outboxAge, limit).toCompletableFuture().get();
        swept.increment(forgotten.size());
        for (OutboxReceipt receipt : forgotten) {
            finishCut(receipt.receipt());
        }
        receipts.publishOutbox(forgotten).toCompletableFuture().get();
        List<OutboxReceipt> late = mailbox.expire(shard, limit).toCompletableFuture().get();
        expired.increment(late.size());
        receipts.publishOutbox(late).toCompletableFuture().get();
    }
}
