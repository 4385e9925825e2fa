package io.pushgate.dispatcher;

import io.pushgate.runtime.telemetry.MeterName;

/**
 * The dispatcher's meters. They balance: deliveries taken = published + broadcasts + dropped by
 * kind; bounces = redelivered + rerouted + unregistered + gone + dropped by kind.
 */
enum DispatcherMeters implements MeterName {
    TAKEN("pushgate.dispatcher.deliveries", "Deliveries taken from push.deliveries"),
    PUBLISHED("pushgate.dispatcher.published", "Deliveries published to an access node"),
    BROADCASTS("pushgate.dispatcher.broadcasts", "Broadcasts published, each to every access node"),
    BATCHES("pushgate.dispatcher.batches", "Messages published to access nodes"),
    DROPPED("pushgate.dispatcher.dropped", "Deliveries not published, by reason"),
    RETRIES("pushgate.dispatcher.retries", "Publishes that failed and were tried again"),
    UNHEARD("pushgate.dispatcher.unheard", "Publishes that no node was subscribed to, by outcome"),
    UNHEARD_WAITING("pushgate.dispatcher.unheard.waiting", "Unheard publishes to be tried again"),
    BOUNCES("pushgate.dispatcher.bounces", "Devices a node did not hold, by what came of it"),
    BOUNCES_WAITING("pushgate.dispatcher.bounces.waiting", "Bounced devices not looked up yet"),
    ROUTES("pushgate.dispatcher.routes", "Routes remembered"),
    STAGE_DELAY("pushgate.stage.delay", "Time between two stops of a message, by stage");

    private final String meterName;
    private final String description;

    DispatcherMeters(String meterName, String description) {
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
