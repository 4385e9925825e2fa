package io.pushgate.purger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.LogOffer;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Receipt;
import io.pushgate.runtime.kafka.BatchHandler;
import io.pushgate.runtime.kafka.Completions;
import io.pushgate.runtime.telemetry.Meters;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes a poll of records through: read, resolve, offer, send on. Batches come one at a time and
 * each is offered wholly before this returns, so a device's mailbox has the order of the partition.
 *
 * <p>A poll costs the look-up of the users and groups it addresses, if any, one round trip to note
 * its targets and one for its offers; only a fan-out beyond {@code maxOffers} messages or {@link
 * Slice#MAX_OFFER_BYTES} is offered in several.
 */
final class RequestHandler implements BatchHandler {
    private final TargetResolver resolver;
    private final NoteStep notes;
    private final ScheduleStep schedule;
    private final OfferStep offers;
    private final BroadcastStep broadcasts;
    private final Outbound outbound;
    private final RedisCalls redis;
    private final InstantSource clock;
    private final MeterRegistry registry;
    private final int maxOffers;
    private final Counter requests;
    private final Counter expired;
    private final Counter expanded;

    RequestHandler(
            TargetResolver resolver,
            NoteStep notes,
            ScheduleStep schedule,
            OfferStep offers,
            BroadcastStep broadcasts,
            Outbound outbound,
            RedisCalls redis,
            InstantSource clock,
            MeterRegistry registry,
            int maxOffers) {
        this.resolver = resolver;
        this.notes = notes;
        this.schedule = schedule;
        this.offers = offers;
        this.broadcasts = broadcasts;
        this.outbound = outbound;
        this.redis = redis;
        this.clock = clock;
        this.registry = registry;
        this.maxOffers = maxOffers;
        this.requests = Meters.counter(registry, PurgerMeters.REQUESTS);
        this.expired = Meters.counter(registry, PurgerMeters.EXPIRED);
        this.expanded = Meters.counter(registry, PurgerMeters.EXPANSIONS);
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
        TargetResolver.Found found = lookUp(valid);
        Set<Intake.Valid> recalled = notes.recalled(valid);
        Slice slice = new Slice(offers, outbound, clock, expired, maxOffers);
        List<BroadcastStep.Planned> appends = new ArrayList<>(0);
        for (Intake.Valid one : valid) {
            OpenRecord open = new OpenRecord(one.record(), done);
            Task task = Task.of(open, one.request(), recalled.contains(one), clock.millis());
            switch (resolver.resolve(one.request(), found)) {
                case TargetResolver.Resolution.Nobody nobody ->
                        outbound.rejected(task, nobody.reason(), clock.millis());
                case TargetResolver.Resolution.Devices those -> slice.add(task, those.devices());
                case TargetResolver.Resolution.Expand _ -> {
                    expanded.increment();
                    outbound.expand(task);
                }
                case TargetResolver.Resolution.Log(LogKey log) -> plan(task, log, appends);
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

    private TargetResolver.Found lookUp(List<Intake.Valid> valid) throws InterruptedException {
        return TargetResolver.needsLookUp(valid)
                ? redis.untilAnswered("devices_of", () -> resolver.lookUp(valid))
                : TargetResolver.Found.NOTHING;
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

    private void plan(Task task, LogKey log, List<BroadcastStep.Planned> appends)
            throws InterruptedException {
        long now = clock.millis();
        PushRequest request = task.request();
        Message message = offers.pack(request.app(), task.message(now));
        if (message.isExpiredAt(now)) {
            expired.increment();
            outbound.receipt(
                    task.from(),
                    new Receipt(
                            request.id(),
                            request.app(),
                            null,
                            Receipt.Status.EXPIRED,
                            now,
                            0,
                            null));
        } else {
            task.from().opened();
            appends.add(
                    new BroadcastStep.Planned(
                            task.from(),
                            new LogOffer(
                                    log,
                                    message,
                                    task.origin(),
                                    request.to().platforms(),
                                    task.recalled()),
                            task.requestedAt()));
        }
    }
}
