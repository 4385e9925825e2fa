package io.pushgate.purger;

import io.micrometer.core.instrument.Counter;
import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.LaneGate;
import io.pushgate.runtime.Role;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.kafka.BatchHandler;
import io.pushgate.runtime.kafka.ConsumerLoop;
import io.pushgate.runtime.kafka.ConsumerLoopConfig;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.runtime.telemetry.Meters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The role that takes push requests. Any number may run: they share the partitions of {@code
 * push.requests}, of its other lanes, and of {@code push.expansions}. It holds no state; a record
 * whose purger died is taken again, and the mailbox knows it.
 */
public final class Purger implements Role {
    private static final Logger log = LoggerFactory.getLogger(Purger.class);

    /**
     * Offers of an expansion in one go: few, so that what is more urgent waits for a millisecond or
     * two.
     */
    private static final int EXPANSION_OFFERS = 100;

    private final PurgerConfig config;
    private final RoleContext context;
    private final InstantSource clock;
    private final KafkaPublisher kafka;
    private final KafkaPublisher receipts;
    private final SureProducer producer;
    private final RedisCalls redis;
    private final Outbound outbound;
    private final LaneGate gate = Lane.newGate();
    private final List<ConsumerLoop> requests;
    private final Expander expander;
    private final ConsumerLoop expansions;

    public Purger(PurgerConfig config, RoleContext context) {
        this(config, context, context.redis().clock());
    }

    /**
     * @param clock epoch time: when messages are accepted, and whether they are late
     */
    Purger(PurgerConfig config, RoleContext context, InstantSource clock) {
        this.config = config;
        this.context = context;
        this.clock = clock;
        this.kafka =
                new KafkaPublisher(
                        context.kafka(), context.nodeId() + "-purger", context.registry());
        this.receipts =
                new KafkaPublisher(
                        context.kafka(),
                        context.nodeId() + "-purger-receipts",
                        context.registry(),
                        ReceiptPublisher.LINGER);
        Backoff backoff = new Backoff(config.retryFirst(), config.retryMost());
        this.producer = new SureProducer(config.maxUnacknowledged(), backoff, context.registry());
        this.redis = new RedisCalls(backoff, context.registry());
        this.outbound =
                new Outbound(
                        kafka,
                        new ReceiptPublisher(
                                receipts, context.mailbox(), context.bus(), context.registry()),
                        producer,
                        context.registry());
        this.requests = Stream.of(Priority.values()).map(this::requests).toList();
        this.expander = expander();
        this.expansions =
                loop(
                        Topics.EXPANSIONS,
                        "-expansions",
                        Math.min(config.maxPollRecords(), config.expansion().maxInFlight() / 2),
                        config.expansion().maxInFlight(),
                        expander);
        if (!config.replayAfterFailover().isZero()) {
            // An offer that meets the new primary says so before anything is offered. Where no
            // request comes there is no offer, and what was lost would be by the next one's time.
            context.redis().onHistoryChange(this::replay);
        }
    }

    /** Does again what Redis may have lost; returns at once. */
    void replay() {
        requests.forEach(loop -> loop.rewindSoon(config.replayAfterFailover()));
        expander.startOverSoon();
    }

    /** The consumer of one lane of requests. */
    private ConsumerLoop requests(Priority lane) {
        LostWrites lost = lostWrites();
        RequestHandler handler =
                new RequestHandler(
                        new TargetResolver(
                                context.mailbox(),
                                config.expansion().chunk(),
                                config.groupLogAbove()),
                        new NoteStep(context.mailbox().messages(), redis),
                        new ScheduleStep(
                                context.mailbox().schedule(),
                                redis,
                                lost,
                                outbound,
                                clock,
                                context.registry()),
                        offers(Lane.ofRequests(gate, lane), lost),
                        new BroadcastStep(
                                context.mailbox().logs(),
                                redis,
                                outbound,
                                clock,
                                context.registry(),
                                lost),
                        outbound,
                        redis,
                        clock,
                        context.registry(),
                        config.maxOffers());
        return loop(
                Topics.requests(lane),
                lane == Priority.NORMAL ? "" : "-" + lane.wireName(),
                config.maxPollRecords(),
                config.maxInFlight(),
                handler);
    }

    private Expander expander() {
        Counter expired = Meters.counter(context.registry(), PurgerMeters.EXPIRED);
        int maxOffers = Math.min(EXPANSION_OFFERS, config.maxOffers());
        int chunk = config.expansion().chunk();
        BulkPace pace = new BulkPace(Ticker.system(), config.expansion().bulkPerSecond());
        LostWrites lost = lostWrites();
        List<Slice> slices =
                Stream.of(Priority.values())
                        .map(priority -> offers(Lane.ofExpansions(gate, priority), lost))
                        .map(offers -> new Slice(offers, outbound, clock, expired, maxOffers))
                        .toList();
        return new Expander(
                context.mailbox().expansions(),
                new Chunks(context.mailbox(), chunk, pace.chunk(chunk)),
                pace,
                new NoteStep(context.mailbox().messages(), redis),
                slices,
                outbound,
                redis,
                clock,
                context.registry(),
                config.replayAfterFailover());
    }

    private LostWrites lostWrites() {
        return new LostWrites(context.mailbox(), config.replayAfterFailover());
    }

    private OfferStep offers(Lane lane, LostWrites lost) {
        return new OfferStep(
                context.mailbox(), redis, outbound, clock, context.registry(), lost, lane);
    }

    private ConsumerLoop loop(
            String topic,
            String suffix,
            int maxPollRecords,
            int maxInFlight,
            BatchHandler handler) {
        return new ConsumerLoop(
                ConsumerLoopConfig.of(
                                topic,
                                config.group() + suffix,
                                context.nodeId() + "-purger" + suffix)
                        .withLimits(
                                maxPollRecords,
                                maxInFlight,
                                ConsumerLoopConfig.DEFAULT_MAX_IN_FLIGHT_BYTES),
                context.kafka(),
                handler,
                context.registry());
    }

    @Override
    public String name() {
        return "purger";
    }

    @Override
    public void start() {
        requests.forEach(ConsumerLoop::start);
        expander.start();
        expansions.start();
    }

    @Override
    public Health health() {
        List<Health.Check> checks = new ArrayList<>();
        requests.forEach(loop -> checks.add(loop.health()));
        checks.add(expansions.health());
        checks.add(kafka.health());
        checks.add(receipts.health());
        checks.add(context.redis().check());
        return new Health(checks);
    }

    /**
     * Takes no more records, sees what is in flight to its end, commits. Expansions end after their
     * chunk: another purger goes on with them.
     */
    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        boolean complete = true;
        for (ConsumerLoop loop : requests) {
            complete &= loop.drain(deadline);
        }
        complete &= expander.stop(deadline);
        if (!complete) {
            log.warn("not everything in flight was complete in time; it will be taken again");
        }
        if (expander.open() > 0) {
            log.info("{} expansions are left to other purgers", expander.open());
        }
    }

    @Override
    public void close() {
        Closer closer = new Closer();
        closer.add(kafka);
        closer.add(receipts);
        closer.add(producer);
        closer.add(expansions);
        closer.add(expander);
        requests.forEach(closer::add);
        closer.close();
    }
}
