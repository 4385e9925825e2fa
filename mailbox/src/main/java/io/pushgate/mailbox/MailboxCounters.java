package io.pushgate.mailbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.protocol.Receipt;
import io.pushgate.runtime.telemetry.Meters;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The counters of {@link MailboxMeters}; any thread. */
final class MailboxCounters {
    /** How a message left an inbox. */
    enum Ended {
        /** By an ack of its device. */
        ACKED,
        /** By the last message id that its device connected with. */
        RESUMED,
        OVERFLOWED,
        SUPERSEDED,
        EXPIRED,
        /** Taken back by the business, or as a sibling acked it first. */
        RECALLED,
        CORRUPT
    }

    private enum Result {
        ACCEPTED,
        DUPLICATE,
        RECALLED,
        WRONG_PLATFORM
    }

    private enum Kind {
        RETRY,
        EXHAUSTED,
        ORPHAN
    }

    private final Map<Result, Counter> offers;
    private final Map<Ended, Counter> ended;
    private final Map<Kind, Counter> claims;
    private final Counter registeredFirst;
    private final Counter registeredAgain;
    private final Counter userDevicesDropped;
    private final Counter notesFull;
    private final Map<ScheduleResult, Counter> scheduled;
    private final Counter groupsFull;

    MailboxCounters(MeterRegistry registry) {
        offers = each(registry, MailboxMeters.OFFERS, "result", Result.class);
        ended = each(registry, MailboxMeters.ENDED, "how", Ended.class);
        claims = each(registry, MailboxMeters.CLAIMS, "kind", Kind.class);
        registeredFirst =
                Meters.counter(registry, MailboxMeters.REGISTRATIONS, "replaced", "false");
        registeredAgain = Meters.counter(registry, MailboxMeters.REGISTRATIONS, "replaced", "true");
        scheduled = each(registry, MailboxMeters.SCHEDULED, "result", ScheduleResult.class);
        notesFull = Meters.counter(registry, MailboxMeters.NOTES_FULL);
        groupsFull = Meters.counter(registry, MailboxMeters.GROUPS_FULL);
        userDevicesDropped = Meters.counter(registry, MailboxMeters.USER_DEVICES_DROPPED);
    }

    void offered(OfferResult result) {
        switch (result) {
            case OfferResult.Accepted accepted -> {
                increment(offers, Result.ACCEPTED, 1);
                increment(ended, Ended.OVERFLOWED, count(accepted, Receipt.Status.OVERFLOWED));
                increment(ended, Ended.SUPERSEDED, count(accepted, Receipt.Status.SUPERSEDED));
            }
            case OfferResult.Duplicate _ -> increment(offers, Result.DUPLICATE, 1);
            case OfferResult.Recalled _ -> increment(offers, Result.RECALLED, 1);
            case OfferResult.WrongPlatform _ -> increment(offers, Result.WRONG_PLATFORM, 1);
        }
    }

    void ended(Ended how, long messages) {
        increment(ended, how, messages);
    }

    void claimed(List<Claim> claimed) {
        for (Claim claim : claimed) {
            Kind kind =
                    switch (claim) {
                        case Claim.Retry _ -> Kind.RETRY;
                        case Claim.Exhausted _ -> Kind.EXHAUSTED;
                        case Claim.Orphan _ -> Kind.ORPHAN;
                    };
            increment(claims, kind, 1);
        }
    }

    void registered(boolean replaced) {
        (replaced ? registeredAgain : registeredFirst).increment();
    }

    void withdrawn(List<RecallResult> results) {
        long count = results.stream().filter(r -> r instanceof RecallResult.Withdrawn).count();
        increment(ended, Ended.RECALLED, count);
    }

    void scheduled(ScheduleResult result) {
        increment(scheduled, result, 1);
    }

    void noteFull(boolean full) {
        if (full) {
            notesFull.increment();
        }
    }

    void userDevicesDropped(long devices) {
        userDevicesDropped.increment((double) devices);
    }

    void groupFull() {
        groupsFull.increment();
    }

    private static long count(OfferResult.Accepted accepted, Receipt.Status status) {
        return accepted.receipts().stream().filter(r -> r.receipt().status() == status).count();
    }

    private static <E extends Enum<E>> Map<E, Counter> each(
            MeterRegistry registry, MailboxMeters name, String tag, Class<E> values) {
        Map<E, Counter> counters = new EnumMap<>(values);
        for (E value : values.getEnumConstants()) {
            String tagValue = value.name().toLowerCase(Locale.ROOT);
            counters.put(value, Meters.counter(registry, name, tag, tagValue));
        }
        return counters;
    }

    private static <E extends Enum<E>> void increment(
            Map<E, Counter> counters, E value, long amount) {
        Counter counter = counters.get(value);
        if (counter != null && amount > 0) {
            counter.increment((double) amount);
        }
    }
}
