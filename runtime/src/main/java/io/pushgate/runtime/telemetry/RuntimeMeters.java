package io.pushgate.runtime.telemetry;

/** The meters of this module. */
public enum RuntimeMeters implements MeterName {
    ERRORS("pushgate.errors", "Errors by role and kind"),
    LOG_EVENTS("pushgate.log.events", "Log lines at warn and above, by level and logger"),
    LOG_SUPPRESSED(
            "pushgate.log.suppressed",
            "Log lines left out, as one place in the code logged too many, by level and logger"),
    DRAIN("pushgate.drain.seconds", "How long the process has been draining, 0 before"),
    DRAIN_DEADLINE("pushgate.drain.deadline.seconds", "How long a drain may take"),
    CONSUMER_RECORDS(
            "pushgate.consumer.records", "Records polled; = completed + dropped + in flight"),
    CONSUMER_COMPLETED("pushgate.consumer.completed", "Records that their handler completed"),
    CONSUMER_DROPPED(
            "pushgate.consumer.dropped",
            "Records let go before they were handled, as their partition went to another member"),
    CONSUMER_LAG("pushgate.consumer.lag", "Records of the assigned partitions not complete yet"),
    CONSUMER_IN_FLIGHT("pushgate.consumer.in.flight", "Records polled and not complete"),
    CONSUMER_IN_FLIGHT_BYTES(
            "pushgate.consumer.in.flight.bytes", "Size of the records polled and not complete"),
    CONSUMER_PAUSED(
            "pushgate.consumer.paused", "1 while fetching is paused by backpressure, else 0"),
    CONSUMER_PAUSES("pushgate.consumer.pauses", "Times that backpressure paused fetching"),
    CONSUMER_COMMITS("pushgate.consumer.commits", "Offset commits by result: ok or failed"),
    CONSUMER_REBALANCES(
            "pushgate.consumer.rebalances", "Changes of the assignment: assigned, revoked or lost"),
    CONSUMER_REWINDS(
            "pushgate.consumer.rewinds", "Times that the handler had the last seconds read again"),
    CONSUMER_POLL_ERRORS("pushgate.consumer.poll.errors", "Polls that threw"),
    CONSUMER_HANDLER_ERRORS(
            "pushgate.consumer.handler.errors", "Batches whose handler threw; each is tried again"),
    PUBLISHER_SENT("pushgate.publisher.sent", "Records acknowledged by Kafka"),
    PUBLISHER_FAILURES("pushgate.publisher.failures", "Records that Kafka did not take, by reason"),
    PUBLISHER_PENDING("pushgate.publisher.pending", "Records sent and not answered yet");

    private final String meterName;
    private final String description;

    RuntimeMeters(String meterName, String description) {
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
