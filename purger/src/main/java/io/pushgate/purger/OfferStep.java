package io.pushgate.purger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.Offer;
import io.pushgate.mailbox.OfferResult;
import io.pushgate.mailbox.OutboxReceipt;
import io.pushgate.mailbox.Traces;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;
import io.pushgate.runtime.LaneGate;
import io.pushgate.runtime.kafka.RewindException;
import io.pushgate.runtime.telemetry.Meters;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Offers messages to the mailboxes in one round trip, again until Redis answers, and sends on what
 * follows from each answer. Offering again is harmless: the mailbox knows the origin of a message
 * and repeats its first answer. One thread.
 */
final class OfferStep {
    /** One message for one device, and the record it comes from. */
    record Planned(Task task, Offer offer) {
        OpenRecord from() {
            return task.from();
        }

        long requestedAt() {
            return task.requestedAt();
        }
    }

    private final Mailbox mailbox;
    private final RedisCalls redis;
    private final Outbound outbound;
    private final InstantSource clock;
    private final LostWrites lost;
    private final Lane lane;
    private final Counter accepted;
    private final Counter repeated;
    private final Counter duplicate;
    private final Counter recalled;
    private final Counter wrongPlatform;
    private final Timer requestToPurger;

    /**
     * @param lane lets more urgent offers pass
     */
    OfferStep(
            Mailbox mailbox,
            RedisCalls redis,
            Outbound outbound,
            InstantSource clock,
            MeterRegistry registry,
            LostWrites lost,
            Lane lane) {
        this.mailbox = mailbox;
        this.redis = redis;
        this.outbound = outbound;
        this.clock = clock;
        this.lost = lost;
        this.lane = lane;
        this.accepted = outcome(registry, "accepted");
        this.repeated = outcome(registry, "repeated");
        this.duplicate = outcome(registry, "duplicate");
        this.recalled = outcome(registry, "recalled");
        this.wrongPlatform = outcome(registry, "wrong_platform");
        this.requestToPurger =
                Meters.latency(registry, PurgerMeters.STAGE_DELAY, "stage", "request_to_purger");
    }

    private static Counter outcome(MeterRegistry registry, String outcome) {
        return Meters.counter(registry, PurgerMeters.OFFERS, "outcome", outcome);
    }

    /** The message as it is to be offered, to inboxes or a log; once for all that get it. */
    Message pack(String app, Message message) {
        return mailbox.payloads().pack(app, message);
    }

    /**
     * Returns when every message is in its mailbox and every produce that follows is on its way.
     *
     * @throws InterruptedException on drain; what is not complete then is offered again by whoever
     *     gets the partition
     * @throws RewindException if messages that were offered before may be gone; none of these has
     *     been offered then
     */
    void run(List<Planned> planned) throws InterruptedException {
        if (planned.isEmpty()) {
            return;
        }
        List<Offer> offers = planned.stream().map(Planned::offer).toList();
        try (LaneGate.Pass _ = lane.enter()) {
            List<OfferResult> results =
                    redis.untilAnswered(
                            "offer", () -> mailbox.offer(offers, lost.seen()), lost::rewindIfLost);
            follow(planned, results);
        }
    }

    private void follow(List<Planned> planned, List<OfferResult> results)
            throws InterruptedException {
        long now = clock.millis();
        List<OutboxReceipt> outbox = new ArrayList<>();
        for (int i = 0; i < planned.size(); i++) {
            Planned one = planned.get(i);
            requestToPurger.record(Math.max(0, now - one.requestedAt()), TimeUnit.MILLISECONDS);
            switch (results.get(i)) {
                case OfferResult.Accepted result -> {
                    accepted.increment();
                    traceIfAsked(one.offer(), result.position());
                    outbox.addAll(result.receipts());
                    if (result.route() != null) {
                        deliver(one, result.route(), result.position(), result.previous(), now);
                    }
                    receiptIfAsked(one, Receipt.Status.ACCEPTED, now);
                }
                case OfferResult.Duplicate result -> duplicate(one, result, now);
                case OfferResult.Recalled result -> {
                    recalled.increment();
                    outbox.addAll(result.receipts());
                    if (!result.sameOrigin()) {
                        receiptIfAsked(one, Receipt.Status.DUPLICATE, now);
                    }
                }
                case OfferResult.WrongPlatform result -> {
                    wrongPlatform.increment();
                    // Of a user or a group only devices of these platforms were meant at all.
                    if (one.task().namesDevices()) {
                        outbound.receipt(one.from(), wrongPlatform(one.offer(), now));
                    }
                }
            }
            one.from().closed();
        }
        outbound.outbox(outbox);
    }

    /**
     * A record that came back (its purger died, or Redis answered into the void) does again all it
     * did; the business's own repetition of a request only gets word of it: what the first one
     * caused is the first one's to bring to its end.
     */
    private void duplicate(Planned one, OfferResult.Duplicate result, long now)
            throws InterruptedException {
        if (!result.sameOrigin()) {
            duplicate.increment();
            receiptIfAsked(one, Receipt.Status.DUPLICATE, now);
            return;
        }
        repeated.increment();
        if (result.waiting()) {
            if (result.route() != null) {
                deliver(one, result.route(), result.position(), Position.NONE, now);
            }
            receiptIfAsked(one, Receipt.Status.ACCEPTED, now);
        }
    }

    private void traceIfAsked(Offer offer, Position position) {
        if (offer.message().trace()) {
            String detail = "position " + position + ", request " + offer.origin();
            mailbox.traces()
                    .step(offer.device(), offer.message().id(), Traces.Kind.OFFERED, "", detail);
        }
    }

    private void deliver(Planned one, Route route, Position position, Position previous, long now)
            throws InterruptedException {
        Offer offer = one.offer();
        outbound.deliver(
                one.from(),
                one.task().request().priority(),
                new Delivery.Push(offer.device(), route, position, previous, offer.message()),
                new StageTimes(one.requestedAt(), now, 0));
    }

    private void receiptIfAsked(Planned one, Receipt.Status status, long now)
            throws InterruptedException {
        Message message = one.offer().message();
        if (message.receipt()) {
            outbound.receipt(
                    one.from(), Receipt.of(message.id(), one.offer().device(), status, now));
        }
    }

    private static Receipt wrongPlatform(Offer offer, long now) {
        DeviceKey device = offer.device();
        return new Receipt(
                offer.message().id(),
                device.app(),
                device.device(),
                Receipt.Status.REJECTED,
                now,
                0,
                "the device is not of the platforms asked for");
    }
}
