package io.pushgate.purger;

import io.micrometer.core.instrument.Counter;
import io.pushgate.mailbox.Offer;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Receipt;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Gathers what is offered in one go; one thread. */
final class Slice {
    /** Payload offered in one go, at most; a single larger message goes alone. */
    static final int MAX_OFFER_BYTES = 8 * 1024 * 1024;

    private final OfferStep offers;
    private final Outbound outbound;
    private final InstantSource clock;
    private final Counter expired;
    private final int maxOffers;
    private List<OfferStep.Planned> planned = new ArrayList<>();
    private long bytes;

    Slice(
            OfferStep offers,
            Outbound outbound,
            InstantSource clock,
            Counter expired,
            int maxOffers) {
        this.offers = offers;
        this.outbound = outbound;
        this.clock = clock;
        this.expired = expired;
        this.maxOffers = maxOffers;
    }

    /** Adds the message for each of the devices, and offers whenever there is enough. */
    void add(Task task, List<DeviceKey> devices) throws InterruptedException {
        long now = clock.millis();
        Message message = offers.pack(task.request().app(), task.message(now));
        for (DeviceKey device : devices) {
            if (message.isExpiredAt(now)) {
                expired.increment();
                outbound.receipt(
                        task.from(), Receipt.of(message.id(), device, Receipt.Status.EXPIRED, now));
            } else {
                task.from().opened();
                add(
                        new OfferStep.Planned(
                                task,
                                new Offer(
                                        device,
                                        message,
                                        task.origin(),
                                        task.request().to().platforms(),
                                        task.request().collapse(),
                                        task.request().cancelOn() != null,
                                        task.recalled())));
            }
        }
    }

    private void add(OfferStep.Planned one) throws InterruptedException {
        planned.add(one);
        bytes += one.offer().message().payload().length;
        if (planned.size() >= maxOffers || bytes >= MAX_OFFER_BYTES) {
            flush();
        }
    }

    /** Offers the rest. */
    void flush() throws InterruptedException {
        List<OfferStep.Planned> now = planned;
        planned = new ArrayList<>();
        bytes = 0;
        offers.run(now);
    }

    /** Forgets what was not offered: its records come again. */
    void clear() {
        planned = new ArrayList<>();
        bytes = 0;
    }
}
