package io.pushgate.access;

import io.pushgate.runtime.telemetry.MeterName;

/**
 * The meters of this role.
 *
 * <p>They balance: connects = closes + connections; and pushes - duplicates - expired - recalled -
 * deferred = sent - replayed - redelivered, which is what went straight from the dispatcher to the
 * device. What is deferred is served from the inbox later.
 */
public enum AccessMeters implements MeterName {
    CONNECTIONS("pushgate.access.connections", "Open sessions by platform and client version"),
    APP_CONNECTIONS("pushgate.access.app.connections", "Open sessions by app"),
    CONNECTIONS_LIMIT(
            "pushgate.access.connections.limit", "Connections that this node takes at most"),
    SOCKETS("pushgate.access.sockets", "Open sockets, those in the handshake included"),
    HANDSHAKES(
            "pushgate.access.handshakes",
            "Handshakes in progress: let in, and not yet registered in Redis"),
    CONNECTS("pushgate.access.connects", "Sessions opened"),
    CLOSES("pushgate.access.closes", "Sessions closed by reason"),
    REFUSALS("pushgate.access.refusals", "Handshakes refused by reason"),
    ADDRESS_REFUSALS(
            "pushgate.access.address.refusals",
            "Addresses of clients told by a peer that may not, or wrongly, by how it told them"),
    SESSION_DURATION("pushgate.access.session.duration", "How long sessions lasted"),
    PUSHES("pushgate.access.pushes", "Push deliveries that reached a session of this node"),
    SENT("pushgate.access.sent", "Push frames written, redeliveries included"),
    REPLAYED("pushgate.access.replayed", "Push frames served from the inbox for the first time"),
    REDELIVERED("pushgate.access.redelivered", "Push frames written again by attempt"),
    ACKED("pushgate.access.acked", "Messages acked by devices"),
    DUPLICATES("pushgate.access.duplicates", "Deliveries of what was sent before, ignored"),
    EXPIRED("pushgate.access.expired", "Deliveries that came too late to be sent"),
    RECALLED("pushgate.access.recalled", "Messages not sent, as they had been taken back"),
    DEFERRED(
            "pushgate.access.deferred",
            "Deliveries left to the inbox, as the device was catching up, full or slow"),
    FETCHES("pushgate.access.fetches", "Pages of inboxes by why they were fetched"),
    FETCHES_WAITING("pushgate.access.fetches.waiting", "Devices that wait to have a page fetched"),
    DELIVERIES_QUEUED(
            "pushgate.access.deliveries.queued", "Deliveries that wait for their event loop"),
    RECEIPTS_WAITING("pushgate.access.receipts.waiting", "Receipts that wait for Kafka"),
    LEAVING("pushgate.access.leaving", "Ended sessions of which Redis has not heard yet"),
    PINGS_IGNORED("pushgate.access.pings.ignored", "Pings beyond ten a second, not answered"),
    GAPS("pushgate.access.gaps", "Deliveries that did not follow what was sent before"),
    BOUNCES("pushgate.access.bounces", "Deliveries for devices this node does not hold"),
    DROPPED("pushgate.access.dropped", "Deliveries let go, as an event loop had too many; healed"),
    SLOW_CUTS("pushgate.access.slow.cuts", "Devices cut as their socket stayed full"),
    BALANCE_ASKED("pushgate.access.balance.asked", "Devices asked to connect to a node with fewer"),
    BALANCE_SURPLUS(
            "pushgate.access.balance.surplus",
            "Connections above the mean of the region's nodes, 0 below it"),
    LOGS("pushgate.access.logs", "Broadcast logs that devices here follow"),
    LOG_GROUPS("pushgate.access.log.groups", "Groups known here to have a broadcast log"),
    LOG_BYTES("pushgate.access.log.bytes", "Bytes of broadcasts in memory"),
    BROADCASTS("pushgate.access.broadcasts", "Broadcasts that came in for a log that is followed"),
    LOG_SENT("pushgate.access.log.sent", "Broadcast frames written"),
    LOG_REPLAYED("pushgate.access.log.replayed", "Of those: served from Redis and not from memory"),
    LOG_ACKED("pushgate.access.log.acked", "Broadcasts acked by devices"),
    LOG_GAPS("pushgate.access.log.gaps", "Broadcasts that did not follow the one before"),
    LOG_FETCHES("pushgate.access.log.fetches", "Pages of logs read for all who follow them"),
    LOG_RESETS("pushgate.access.log.resets", "Devices told that they missed broadcasts for good"),
    LOG_RECALLED(
            "pushgate.access.log.recalled", "Recalls of broadcasts told to devices that have them"),
    LOG_SPREAD(
            "pushgate.access.log.spread",
            "How long an event loop took to send what came in to all who follow"),
    ACCEPT_FAILURES(
            "pushgate.access.accept.failures", "Times that no connection could be accepted"),
    LEASE_LEFT(
            "pushgate.access.lease.left.seconds",
            "Time until the node's lease runs out; below 0 it has, and others take it for dead"),
    LOOP_DELAY(
            "pushgate.access.loop.delay",
            "How much later than asked for an event loop ran a timer, ten times a second"),
    END_TO_END(
            "pushgate.access.end.to.end",
            "Request to ack by app and platform; the first 50 pairs, then other"),
    STAGE_DELAY("pushgate.stage.delay", "How long a message took from one stop to the next");

    private final String meterName;
    private final String description;

    AccessMeters(String meterName, String description) {
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
