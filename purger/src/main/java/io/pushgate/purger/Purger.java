package io.pushgate.purger;

import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.Role;
import io.pushgate.runtime.kafka.ConsumerLoop;
import io.pushgate.runtime.kafka.ConsumerLoopConfig;
import io.pushgate.runtime.kafka.KafkaPublisher;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;

/**
 * The role that takes push requests. Any number may run: they share the partitions of {@code
 * push.requests}. It holds no state; a record whose purger died is taken again, and the mailbox
 * knows it.
 */
public final class Purger implements Role {
    private static final Logger log = LoggerFactory.getLogger(Purger.class);

    private final RoleContext context;
    private final KafkaPublisher kafka;
    private final SureProducer producer;
    private final ConsumerLoop loop;

    public Purger(PurgerConfig config, RoleContext context) {
        this(config, context, context.redis().clock());
    }

    /**
     * @param clock epoch time: when messages are accepted, and whether they are late
     */
    Purger(PurgerConfig config, RoleContext context, InstantSource clock) {
        this.context = context;
        this.kafka =
                new KafkaPublisher(
                        context.kafka(), context.nodeId() + "-purger", context.registry());
        Backoff backoff = new Backoff(config.retryFirst(), config.retryMost());
        this.producer = new SureProducer(config.maxUnacknowledged(), backoff, context.registry());
        Retries retries = new Retries(backoff, context.registry());
        Outbound outbound =
                new Outbound(
                        kafka,
                        new ReceiptPublisher(
                                kafka, context.mailbox(), context.bus(), context.registry()),
                        producer,
                        context.registry());
        LostWrites lost = new LostWrites(config.replayAfterFailover());
        OfferStep offers =
                new OfferStep(
                        context.mailbox(), retries, outbound, clock, context.registry(), lost);
        BroadcastStep broadcasts =
                new BroadcastStep(
                        context.mailbox().logs(),
                        retries,
                        outbound,
                        clock,
                        context.registry(),
                        lost);
        RequestHandler handler =
                new RequestHandler(
                        new TargetResolver(context.mailbox()),
                        new NoteStep(context.mailbox().messages(), retries),
                        new ScheduleStep(
                                context.mailbox().schedule(),
                                retries,
                                lost,
                                outbound,
                                clock,
                                context.registry()),
                        offers,
                        broadcasts,
                        outbound,
                        retries,
                        clock,
                        context.registry(),
                        config.maxOffers());
        this.loop =
                new ConsumerLoop(
                        ConsumerLoopConfig.of(
                                        Topics.REQUESTS,
                                        config.group(),
                                        context.nodeId() + "-purger")
                                .withLimits(
                                        config.maxPollRecords(),
                                        config.maxInFlight(),
                                        ConsumerLoopConfig.DEFAULT_MAX_IN_FLIGHT_BYTES),
                        context.kafka(),
                        handler,
                        context.registry());
        if (!config.replayAfterFailover().isZero()) {
            // An offer that meets the new primary says so before anything is offered. Where no
            // request comes there is no offer, and what was lost would be by the next one's time.
            context.redis().onHistoryChange(() -> loop.rewindSoon(config.replayAfterFailover()));
        }
    }

    @Override
    public String name() {
        return "purger";
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public Health health() {
        return Health.of(loop.health(), kafka.health(), context.redis().check());
    }

    /** Takes no more records, sees what is in flight to its end, commits. */
    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        if (!loop.drain(deadline)) {
            log.warn("not everything in flight was complete in time; it will be taken again");
        }
    }

    @Override
    public void close() {
        Closer closer = new Closer();
        closer.add(kafka);
        closer.add(producer);
        closer.add(loop);
        closer.close();
    }
}
