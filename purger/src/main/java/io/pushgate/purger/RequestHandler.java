package io.pushgate.purger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.LogOffer;
import io.pushgate.mailbox.Offer;
import io.pushgate.mailbox.UserDevice;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Target;
import io.pushgate.runtime.kafka.BatchHandler;
import io.pushgate.runtime.kafka.Completions;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Takes a poll of records through: read, resolve, offer, send on. Batches come one at a time and
 * each is offered wholly before this returns, so a device's mailbox has the order of the partition.
 *
 * <p>A poll costs one round trip for the users it addresses, if any, one to note its targets and
 * one for its offers; only a fan-out beyond {@code maxOffers} messages or {@link #MAX_OFFER_BYTES}
 * is offered in several.
 */
final class RequestHandler implements BatchHandler {
    /** Payload offered in one go, at most; a single larger message goes alone. */
    static final int MAX_OFFER_BYTES = 8 * 1024 * 1024;

    private final TargetResolver resolver;
    private final NoteStep notes;
    private final ScheduleStep schedule;
    private final OfferStep offers;
    private final BroadcastStep broadcasts;
    private final Outbound outbound;
    private final Retries retries;
    private final InstantSource clock;
    private final MeterRegistry registry;
    private final int maxOffers;
    private final Counter requests;
    private final Counter expired;

    RequestHandler(
            TargetResolver resolver,
            NoteStep notes,
            ScheduleStep schedule,
            OfferStep offers,
            BroadcastStep broadcasts,
            Outbound outbound,
            Retries retries,
            InstantSource clock,
            MeterRegistry registry,
            int maxOffers) {
        this.resolver = resolver;
        this.notes = notes;
        this.schedule = schedule;
        this.offers = offers;
        this.broadcasts = broadcasts;
        this.outbound = outbound;
        this.retries = retries;
        this.clock = clock;
        this.registry = registry;
        this.maxOffers = maxOffers;
        this.requests = Meters.counter(registry, PurgerMeters.REQUESTS);
        this.expired = Meters.counter(registry, PurgerMeters.EXPIRED);
    }

    @Override
    public void handle(List<ConsumerRecord<byte[], byte[]>> batch, Completions done)
            throws InterruptedException {
        requests.increment(batch.size());
        List<Intake.Valid> valid = new ArrayList<>(batch.size());
        List<Intake.Valid> early = new ArrayList<>(0);
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            switch (RequestReader.read(record)) {
                case Intake.Valid v -> admit(v, valid, early, done);
                case Intake.Refused refused -> refuse(refused, done);
            }
        }
        putAside(early, done);
        Map<TargetResolver.UserKey, List<UserDevice>> users = usersOf(valid);
        Set<Intake.Valid> recalled = notes.recalled(valid);
        Slice slice = new Slice();
        List<BroadcastStep.Planned> appends = new ArrayList<>();
        for (Intake.Valid one : valid) {
            OpenRecord open = new OpenRecord(one.record(), done);
            switch (TargetResolver.resolve(one.request(), users)) {
                case TargetResolver.Resolution.Nobody nobody ->
                        outbound.receipt(open, rejected(one.request(), nobody.reason()));
                case TargetResolver.Resolution.Devices found ->
                        plan(one.request(), found.devices(), recalled.contains(one), open, slice);
                case TargetResolver.Resolution.Log(LogKey log) ->
                        plan(one.request(), log, recalled.contains(one), open, appends);
            }
            open.closed();
        }
        broadcasts.run(appends);
        slice.flush();
    }

    private void admit(
            Intake.Valid one, List<Intake.Valid> valid, List<Intake.Valid> early, Completions done)
            throws InterruptedException {
        PushRequest request = one.request();
        long now = clock.millis();
        String refusal = ScheduleStep.refusal(request, now);
        if (refusal != null) {
            refuse(
                    new Intake.Refused(
                            one.record(),
                            Intake.Kind.INVALID,
                            refusal,
                            request.id(),
                            request.app()),
                    done);
        } else if (ScheduleStep.isEarly(one, now)) {
            early.add(one);
        } else {
            valid.add(one);
        }
    }

    private void putAside(List<Intake.Valid> early, Completions done) throws InterruptedException {
        schedule.run(early, early.stream().map(one -> new OpenRecord(one.record(), done)).toList());
    }

    private Map<TargetResolver.UserKey, List<UserDevice>> usersOf(List<Intake.Valid> valid)
            throws InterruptedException {
        return valid.stream().anyMatch(v -> v.request().to() instanceof Target.User)
                ? retries.untilAnswered("devices_of", () -> resolver.users(valid))
                : Map.of();
    }

    private void refuse(Intake.Refused refused, Completions done) throws InterruptedException {
        String kind = refused.kind().name().toLowerCase(Locale.ROOT);
        Meters.counter(registry, PurgerMeters.REJECTED, "kind", kind).increment();
        OpenRecord open = new OpenRecord(refused.record(), done);
        outbound.reject(open, refused);
        if (refused.id() != null && refused.app() != null) {
            outbound.receipt(
                    open,
                    new Receipt(
                            refused.id(),
                            refused.app(),
                            null,
                            Receipt.Status.REJECTED,
                            clock.millis(),
                            0,
                            refused.reason()));
        }
        open.closed();
    }

    private void plan(
            PushRequest request,
            List<DeviceKey> devices,
            boolean recalled,
            OpenRecord open,
            Slice slice)
            throws InterruptedException {
        long now = clock.millis();
        long requestedAt = requestedAt(request, open, now);
        Message message = message(request, requestedAt, now);
        String origin = ScheduleStep.originOf(open.record());
        for (DeviceKey device : devices) {
            if (message.isExpiredAt(now)) {
                expired.increment();
                outbound.receipt(
                        open, Receipt.of(request.id(), device, Receipt.Status.EXPIRED, now));
            } else {
                open.opened();
                slice.add(
                        new OfferStep.Planned(
                                open,
                                new Offer(
                                        device,
                                        message,
                                        origin,
                                        request.to().platforms(),
                                        request.collapse(),
                                        request.cancelOn() != null,
                                        recalled),
                                requestedAt));
            }
        }
    }

    private void plan(
            PushRequest request,
            LogKey log,
            boolean recalled,
            OpenRecord open,
            List<BroadcastStep.Planned> appends)
            throws InterruptedException {
        long now = clock.millis();
        long requestedAt = requestedAt(request, open, now);
        Message message = message(request, requestedAt, now);
        if (message.isExpiredAt(now)) {
            expired.increment();
            outbound.receipt(
                    open,
                    new Receipt(
                            request.id(),
                            request.app(),
                            null,
                            Receipt.Status.EXPIRED,
                            now,
                            0,
                            null));
        } else {
            open.opened();
            appends.add(
                    new BroadcastStep.Planned(
                            open,
                            new LogOffer(
                                    log,
                                    message,
                                    ScheduleStep.originOf(open.record()),
                                    request.to().platforms(),
                                    recalled),
                            requestedAt));
        }
    }

    /**
     * From when the ttl counts. A producer's clock that runs ahead must not make a message live
     * longer than that.
     */
    private static long requestedAt(PushRequest request, OpenRecord open, long now) {
        long at =
                ScheduleStep.isDue(open.record()) ? request.deliverAt() : open.record().timestamp();
        return at > 0 ? Math.min(at, now) : now;
    }

    private static Message message(PushRequest request, long requestedAt, long now) {
        return new Message(
                request.id(),
                now,
                requestedAt + request.ttl().toMillis(),
                // Without receipts a trace would not know how it ended.
                request.receipt() || request.trace(),
                request.trace(),
                request.data());
    }

    private Receipt rejected(PushRequest request, String reason) {
        return new Receipt(
                request.id(),
                request.app(),
                null,
                Receipt.Status.REJECTED,
                clock.millis(),
                0,
                reason);
    }

    /** What is offered in one go. */
    private final class Slice {
        private List<OfferStep.Planned> planned = new ArrayList<>();
        private long bytes;

        void add(OfferStep.Planned one) throws InterruptedException {
            planned.add(one);
            bytes += one.offer().message().payload().length;
            if (planned.size() >= maxOffers || bytes >= MAX_OFFER_BYTES) {
                flush();
            }
        }

        void flush() throws InterruptedException {
            offers.run(planned);
            planned = new ArrayList<>();
            bytes = 0;
        }
    }
}
