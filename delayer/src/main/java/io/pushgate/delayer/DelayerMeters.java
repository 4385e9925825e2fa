package io.pushgate.delayer;

import io.pushgate.runtime.telemetry.MeterName;

/**
 * The delayer's meters. They balance: claims = redeliveries + unregistered + exhausted + orphans +
 * failed + released.
 */
enum DelayerMeters implements MeterName {
    CLAIMS("pushgate.delayer.claims", "Overdue devices claimed"),
    REDELIVERIES("pushgate.delayer.redeliveries", "Redeliveries that Kafka has, by attempt"),
    EXHAUSTED("pushgate.delayer.exhausted", "Sessions cut after the last attempt"),
    UNREGISTERED("pushgate.delayer.unregistered", "Sessions of dead nodes taken out"),
    ORPHANS("pushgate.delayer.orphans", "Due devices without a session"),
    FAILED("pushgate.delayer.failed", "Claims that could not be seen to and are due again"),
    RELEASED("pushgate.delayer.released", "Claims given back by a drain, due again at once"),
    DUE("pushgate.delayer.due", "Scheduled requests whose time came, by result: published, failed"),
    EXPIRED("pushgate.delayer.expired", "Expired messages taken out of their inbox"),
    SWEPT("pushgate.delayer.outbox.swept", "Receipts found that their producer left"),
    CHECKS("pushgate.delayer.checks", "Shards asked whether they have work, by kind"),
    WALKS("pushgate.delayer.walk", "Time one walk over the shards took, by kind");

    private final String meterName;
    private final String description;

    DelayerMeters(String meterName, String description) {
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
