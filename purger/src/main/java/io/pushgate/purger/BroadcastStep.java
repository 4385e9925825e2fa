package io.pushgate.purger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.BroadcastLogs;
import io.pushgate.mailbox.LogOffer;
import io.pushgate.mailbox.LogResult;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.StageTimes;
import io.pushgate.runtime.kafka.RewindException;
import io.pushgate.runtime.telemetry.Meters;

import java.time.InstantSource;
import java.util.List;

/**
 * Appends messages to their broadcast logs in one round trip, again until Redis answers, and hands
 * each on once: what it costs does not depend on how many devices follow the log. As with {@link
 * OfferStep}, doing it again is harmless.
 */
final class BroadcastStep {
    /** One message for one log, and the record it comes from. */
    record Planned(OpenRecord from, LogOffer offer, long requestedAt) {}

    private final BroadcastLogs logs;
    private final RedisCalls redis;
    private final Outbound outbound;
    private final InstantSource clock;
    private final LostWrites lost;
    private final Counter accepted;
    private final Counter repeated;
    private final Counter duplicate;
    private final Counter recalled;

    BroadcastStep(
            BroadcastLogs logs,
            RedisCalls redis,
            Outbound outbound,
            InstantSource clock,
            MeterRegistry registry,
            LostWrites lost) {
        this.logs = logs;
        this.redis = redis;
        this.outbound = outbound;
        this.clock = clock;
        this.lost = lost;
        this.accepted = outcome(registry, "accepted");
        this.repeated = outcome(registry, "repeated");
        this.duplicate = outcome(registry, "duplicate");
        this.recalled = outcome(registry, "recalled");
    }

    private static Counter outcome(MeterRegistry registry, String outcome) {
        return Meters.counter(registry, PurgerMeters.BROADCASTS, "outcome", outcome);
    }

    /**
     * Returns when every message is in its log and every produce that follows is on its way.
     *
     * @throws InterruptedException on drain; what is not complete then is appended again by whoever
     *     gets the partition
     * @throws RewindException if messages that were accepted before may be gone; none of these has
     *     been appended then
     */
    void run(List<Planned> planned) throws InterruptedException {
        if (planned.isEmpty()) {
            return;
        }
        List<LogOffer> offers = planned.stream().map(Planned::offer).toList();
        List<LogResult> results =
                redis.untilAnswered("append", () -> logs.append(offers), lost::rewindIfLost);
        long now = clock.millis();
        for (int i = 0; i < planned.size(); i++) {
            Planned one = planned.get(i);
            switch (results.get(i)) {
                case LogResult.Accepted result -> {
                    accepted.increment();
                    handOn(one, result.position(), result.previous(), now);
                }
                case LogResult.Duplicate result when result.sameOrigin() -> {
                    repeated.increment();
                    handOn(one, result.position(), Position.NONE, now);
                }
                case LogResult.Duplicate _ -> {
                    duplicate.increment();
                    receiptIfAsked(one, Receipt.Status.DUPLICATE, now);
                }
                case LogResult.Recalled result -> {
                    recalled.increment();
                    if (result.sameOrigin()) {
                        receipt(one, Receipt.Status.RECALLED, now);
                    } else {
                        receiptIfAsked(one, Receipt.Status.DUPLICATE, now);
                    }
                }
            }
            one.from().closed();
        }
    }

    private void handOn(Planned one, Position position, Position previous, long now)
            throws InterruptedException {
        LogOffer offer = one.offer();
        outbound.broadcast(
                one.from(),
                new Broadcast(offer.log(), position, previous, offer.platforms(), offer.message()),
                new StageTimes(one.requestedAt(), now, 0));
        receiptIfAsked(one, Receipt.Status.ACCEPTED, now);
    }

    /** One for all devices: who got it is not counted, as that would cost a receipt each. */
    private void receiptIfAsked(Planned one, Receipt.Status status, long now)
            throws InterruptedException {
        if (one.offer().message().receipt()) {
            receipt(one, status, now);
        }
    }

    private void receipt(Planned one, Receipt.Status status, long now) throws InterruptedException {
        outbound.receipt(
                one.from(),
                new Receipt(
                        one.offer().message().id(),
                        one.offer().log().app(),
                        null,
                        status,
                        now,
                        0,
                        null));
    }
}
