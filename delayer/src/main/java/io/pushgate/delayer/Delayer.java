package io.pushgate.delayer;

import io.pushgate.mailbox.LiveNodes;
import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.Role;
import io.pushgate.runtime.kafka.KafkaPublisher;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * The role that sees to what was not acked. Any number may run, without a leader: a claim is atomic
 * in Redis, so a device that is due is taken by one of them.
 */
public final class Delayer implements Role {
    private static final Logger log = LoggerFactory.getLogger(Delayer.class);

    /** What a drain keeps back of its deadline to give claims back. */
    private static final Duration KEPT_FOR_RETURNS = Duration.ofSeconds(1);

    private final RoleContext context;
    private final KafkaPublisher kafka;
    private final LiveNodes nodes;
    private final ClaimWalk work;
    private final ShardWalk claimWalk;
    private final ShardWalk sweepWalk;
    private final Repeater claims;
    private final Repeater sweeps;
    private final Closer closer = new Closer();

    public Delayer(DelayerConfig config, RoleContext context) {
        this.context = context;
        this.kafka =
                closer.add(
                        new KafkaPublisher(
                                context.kafka(),
                                context.nodeId() + "-delayer",
                                context.registry()));
        this.nodes =
                closer.add(
                        new LiveNodes(
                                context.leases(),
                                config.leaseRefresh(),
                                config.deadAfterRefreshes()));
        ReceiptPublisher receipts =
                new ReceiptPublisher(kafka, context.mailbox(), context.bus(), context.registry());
        Outbound outbound = new Outbound(kafka);
        int shards = context.mailbox().shards();
        this.claimWalk = closer.add(new ShardWalk("claims", shards, config.concurrency()));
        this.sweepWalk = closer.add(new ShardWalk("sweeps", shards, config.concurrency()));
        this.work =
                new ClaimWalk(
                        context.mailbox(),
                        nodes,
                        outbound,
                        new DueRequests(
                                context.mailbox().schedule(),
                                kafka,
                                config.limit(),
                                context.registry()),
                        receipts,
                        claimWalk,
                        config,
                        context.ticker(),
                        context.registry());
        this.claims = closer.add(new Repeater("delayer-claims", config.tick(), work));
        this.sweeps =
                closer.add(
                        new Repeater(
                                "delayer-sweeps",
                                config.sweepTick(),
                                new Sweeps(
                                        context.mailbox(),
                                        context.leases(),
                                        outbound,
                                        receipts,
                                        sweepWalk,
                                        config,
                                        context.registry())));
    }

    @Override
    public String name() {
        return "delayer";
    }

    @Override
    public void start() {
        nodes.start();
        claims.start();
        sweeps.start();
    }

    @Override
    public Health health() {
        return Health.of(kafka.health(), context.redis().check());
    }

    /**
     * Claims nothing more and hands on what is claimed. What could not be handed on shortly before
     * the deadline is given back, so that another delayer takes it at once.
     */
    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        claimWalk.stop();
        sweepWalk.stop();
        Duration kept = min(KEPT_FOR_RETURNS, deadline.remaining().dividedBy(2));
        Deadline early = new Deadline(deadline.nanos() - kept.toNanos(), deadline.ticker());
        boolean handedOn = claims.stop(early);
        boolean swept = sweeps.stop(early);
        boolean returned = true;
        if (!handedOn) {
            claimWalk.close(); // interrupts the visits: each gives back what it holds
            boolean ended = claims.stop(deadline);
            returned = work.awaitReturns(deadline) && ended;
        }
        boolean flushed = kafka.flush(deadline);
        if (handedOn && swept && flushed) {
            log.info("drained: every claim was handed on");
        } else {
            log.warn(
                    "drained, not without leftovers: {} claims were given back and are due at once"
                            + "{}{}{}",
                    work.givenBack(),
                    returned ? "" : ", others come due after their wait",
                    swept ? "" : ", a sweep was cut short",
                    flushed ? "" : ", receipts stay in the outbox");
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    @Override
    public void close() {
        closer.close();
    }
}
