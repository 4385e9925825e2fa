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

/**
 * The role that sees to what was not acked. Any number may run, without a leader: a claim is atomic
 * in Redis, so a device that is due is taken by one of them.
 */
public final class Delayer implements Role {
    private static final Logger log = LoggerFactory.getLogger(Delayer.class);

    private final RoleContext context;
    private final KafkaPublisher kafka;
    private final LiveNodes nodes;
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
                new ReceiptPublisher(kafka, context.mailbox(), context.registry());
        Outbound outbound = new Outbound(kafka);
        int shards = context.mailbox().shards();
        ShardWalk claimWalk = closer.add(new ShardWalk("claims", shards, config.concurrency()));
        ShardWalk sweepWalk = closer.add(new ShardWalk("sweeps", shards, config.concurrency()));
        this.claims =
                closer.add(
                        new Repeater(
                                "delayer-claims",
                                config.tick(),
                                new ClaimWalk(
                                        context.mailbox(),
                                        nodes,
                                        outbound,
                                        receipts,
                                        claimWalk,
                                        config,
                                        context.ticker(),
                                        context.registry())));
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

    /** Claims nothing more and hands on what is claimed. */
    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        boolean claimed = claims.stop(deadline);
        boolean swept = sweeps.stop(deadline);
        if (!claimed || !swept) {
            log.warn("claims under way were not handed on in time; they come due again");
        }
    }

    @Override
    public void close() {
        closer.close();
    }
}
