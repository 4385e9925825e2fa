package io.pushgate.delayer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pushgate.mailbox.Claim;
import io.pushgate.mailbox.LiveNodes;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.mailbox.ShardDue;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Delivery;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.telemetry.Meters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Claims overdue devices and has them redelivered, cut or unregistered; hands on scheduled requests
 * that are due.
 */
final class ClaimWalk implements Repeater.Task {
    private static final Logger log = LoggerFactory.getLogger(ClaimWalk.class);
    private static final Duration NEVER = Duration.ofDays(1);

    private final Mailbox mailbox;
    private final LiveNodes nodes;
    private final Outbound outbound;
    private final DueRequests requests;
    private final ReceiptPublisher receipts;
    private final ShardWalk walk;
    private final ShardSchedule schedule;
    private final int limit;
    private final MeterRegistry registry;
    private final Counter checks;
    private final Counter claims;
    private final Counter exhausted;
    private final Counter unregistered;
    private final Counter orphans;
    private final Counter failed;
    private final Counter released;
    private final Timer walks;

    /** Claims on their way back; empty but at the end of a drain that ran out of time. */
    private final Queue<CompletableFuture<Boolean>> returns = new ConcurrentLinkedQueue<>();

    ClaimWalk(
            Mailbox mailbox,
            LiveNodes nodes,
            Outbound outbound,
            DueRequests requests,
            ReceiptPublisher receipts,
            ShardWalk walk,
            DelayerConfig config,
            Ticker ticker,
            MeterRegistry registry) {
        this.mailbox = mailbox;
        this.nodes = nodes;
        this.outbound = outbound;
        this.requests = requests;
        this.receipts = receipts;
        this.walk = walk;
        this.schedule = new ShardSchedule(mailbox.shards(), config.idleCheck(), ticker);
        this.limit = config.limit();
        this.registry = registry;
        this.checks = Meters.counter(registry, DelayerMeters.CHECKS, "kind", "due");
        this.claims = Meters.counter(registry, DelayerMeters.CLAIMS);
        this.exhausted = Meters.counter(registry, DelayerMeters.EXHAUSTED);
        this.unregistered = Meters.counter(registry, DelayerMeters.UNREGISTERED);
        this.orphans = Meters.counter(registry, DelayerMeters.ORPHANS);
        this.failed = Meters.counter(registry, DelayerMeters.FAILED);
        this.released = Meters.counter(registry, DelayerMeters.RELEASED);
        this.walks = Meters.latency(registry, DelayerMeters.WALKS, "kind", "claim");
    }

    @Override
    public void run() throws InterruptedException {
        Timer.Sample sample = Timer.start();
        walk.walk(schedule::isDue, this::busy, this::visit);
        sample.stop(walks);
    }

    private List<Integer> busy(List<Integer> shards)
            throws InterruptedException, ExecutionException {
        checks.increment(shards.size());
        List<ShardDue> dues = mailbox.untilDue(shards).toCompletableFuture().get();
        List<Integer> busy = new ArrayList<>();
        for (int i = 0; i < dues.size(); i++) {
            if (!isIdle(shards.get(i), dues.get(i))) {
                busy.add(shards.get(i));
            }
        }
        return busy;
    }

    /** Whether the shard is left alone for now. */
    private boolean isIdle(int shard, ShardDue due) {
        Duration device = due.device().orElse(NEVER);
        Duration request = due.request().orElse(NEVER);
        boolean idle = device.isPositive() && request.isPositive();
        if (idle) {
            schedule.idle(shard, device.compareTo(request) < 0 ? device : request);
        }
        return idle;
    }

    private void visit(int shard) throws InterruptedException, ExecutionException {
        ShardDue due = mailbox.untilDue(shard).toCompletableFuture().get();
        if (isIdle(shard, due)) {
            return;
        }
        schedule.busy(shard);
        if (due.request().filter(Duration::isZero).isPresent()) {
            requests.publish(shard);
        }
        if (due.device().filter(Duration::isZero).isPresent()) {
            claim(shard);
        }
    }

    private void claim(int shard) throws InterruptedException, ExecutionException {
        CompletableFuture<List<Claim>> claiming = mailbox.claim(shard, limit).toCompletableFuture();
        List<Claim> claimed;
        try {
            claimed = claiming.get();
        } catch (InterruptedException e) {
            returns.add(claiming.thenCompose(late -> giveBackAll(counted(late))));
            throw e;
        }
        List<Claim> open = new ArrayList<>(counted(claimed));
        try {
            while (!open.isEmpty()) {
                handle(open.getFirst());
                open.removeFirst();
            }
        } catch (InterruptedException e) {
            returns.add(giveBackAll(open));
            throw e;
        }
    }

    private List<Claim> counted(List<Claim> claimed) {
        claims.increment(claimed.size());
        return claimed;
    }

    /**
     * Makes claims that nobody was told of due again at once, and not after their next wait. An
     * exhausted one can't be: its session has ended, and the sweep finds its receipt.
     */
    private CompletableFuture<Boolean> giveBackAll(List<Claim> open) {
        CompletableFuture<Boolean> all = CompletableFuture.completedFuture(true);
        for (Claim claim : open) {
            if (claim instanceof Claim.Retry retry) {
                CompletableFuture<Boolean> back = mailbox.giveBack(retry).toCompletableFuture();
                all =
                        all.thenCombine(
                                back.handle((was, failure) -> returned(failure == null)),
                                (a, b) -> a && b);
            } else {
                failed.increment();
                all = all.thenApply(_ -> false);
            }
        }
        return all;
    }

    private boolean returned(boolean ok) {
        (ok ? released : failed).increment();
        return ok;
    }

    /**
     * Waits for the claims on their way back.
     *
     * @return whether every one is due again at once; those that are not come due after their wait
     */
    boolean awaitReturns(Deadline deadline) throws InterruptedException {
        boolean all = true;
        for (CompletableFuture<Boolean> one = returns.poll(); one != null; one = returns.poll()) {
            try {
                all &= one.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException e) {
                all = false;
                log.debug("claims not given back", e);
            }
        }
        return all;
    }

    /** Claims given back so far. */
    long givenBack() {
        return (long) released.count();
    }

    private void handle(Claim claim) throws InterruptedException {
        switch (claim) {
            case Claim.Retry retry -> {
                if (nodes.isDead(retry.route().node())) {
                    unregister(retry);
                } else {
                    outbound.deliver(
                            new Delivery.Redeliver(retry.device(), retry.route(), retry.attempt()));
                    redelivered(retry.attempt());
                }
            }
            case Claim.Exhausted out -> {
                // First the cut, then the receipt: while the outbox holds the receipt, somebody
                // still has to look after this device.
                outbound.deliver(
                        new Delivery.Disconnect(out.device(), out.route(), CloseReason.TOO_SLOW));
                var _ = receipts.publishOutbox(out.receipts());
                exhausted.increment();
            }
            case Claim.Orphan orphan -> orphans.increment();
        }
    }

    /**
     * Takes the session out; where that fails, the next attempt comes by here again. The node is
     * told all the same: it may have been back since this process last read the leases, or this
     * process may have been paused since, and then it notices that the mailbox has forgotten one of
     * its sessions.
     */
    private void unregister(Claim.Retry retry) throws InterruptedException {
        try {
            mailbox.unregister(retry.device(), retry.route()).toCompletableFuture().get();
            unregistered.increment();
        } catch (ExecutionException e) {
            failed.increment();
            log.debug("{} not unregistered", retry.device(), e);
            return;
        }
        outbound.deliver(new Delivery.Redeliver(retry.device(), retry.route(), retry.attempt()));
    }

    private void redelivered(int attempt) {
        String tag = attempt <= 9 ? String.valueOf(attempt) : "more";
        Meters.counter(registry, DelayerMeters.REDELIVERIES, "attempt", tag).increment();
    }
}
