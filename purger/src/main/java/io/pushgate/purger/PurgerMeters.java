package io.pushgate.purger;

import io.pushgate.runtime.telemetry.MeterName;

/**
 * The purger's meters. They balance: requests = valid + rejected + scheduled, and the devices of
 * the valid ones = offers + expired on arrival; those of an expansion count as they are offered,
 * and a broadcast through a log counts as one device, in broadcasts.
 */
enum PurgerMeters implements MeterName {
    REQUESTS("pushgate.purger.requests", "Records taken from push.requests"),
    REJECTED("pushgate.purger.rejected", "Records put on push.rejected, by kind"),
    SCHEDULED("pushgate.purger.scheduled", "Requests put aside until their time"),
    OFFERS("pushgate.purger.offers", "Messages offered to a device's mailbox, by outcome"),
    BROADCASTS("pushgate.purger.broadcasts", "Messages put into a broadcast log, by outcome"),
    EXPANSIONS("pushgate.purger.expansions", "Requests left to be offered chunk by chunk"),
    CHUNKS("pushgate.purger.chunks", "Chunks of expansions that are durable"),
    PACED("pushgate.purger.paced", "Chunks of bulk that the next one waited for"),
    EXPANDED("pushgate.purger.expanded", "Expansions that ended here, by outcome"),
    EXPANDING("pushgate.purger.expanding", "Expansions taken and not finished"),
    EXPIRED("pushgate.purger.expired", "Messages that were past their ttl on arrival"),
    DELIVERIES("pushgate.purger.deliveries", "Deliveries that Kafka has"),
    ROUND_TRIPS("pushgate.purger.round.trips", "Answered calls of Redis, by call"),
    RETRIES("pushgate.purger.retries", "Failed calls that are tried again, by what failed"),
    UNACKNOWLEDGED("pushgate.purger.unacknowledged", "Produces that Kafka has not acknowledged"),
    STAGE_DELAY("pushgate.stage.delay", "Time between two stops of a message, by stage");

    private final String meterName;
    private final String description;

    PurgerMeters(String meterName, String description) {
        this.meterName = meterName;
        this.description = description;
    }

    @Override
    public String meterName() {
        return meterName;
    }

    @Override
    public String description() {
        return description;
    }
}
