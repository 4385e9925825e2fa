package io.pushgate.mailbox;

import io.pushgate.runtime.telemetry.MeterName;

/** The meters of this module, counted where a change was made, not where it was read. */
public enum MailboxMeters implements MeterName {
    OFFERS(
            "pushgate.mailbox.offers",
            "Offers by result: accepted, duplicate, recalled or wrong_platform"),
    ENDED(
            "pushgate.mailbox.ended",
            "Messages that left an inbox, by how: acked, resumed, overflowed, superseded, expired,"
                    + " recalled or corrupt"),
    REGISTRATIONS(
            "pushgate.mailbox.registrations", "Sessions registered, by whether one was replaced"),
    CLAIMS("pushgate.mailbox.claims", "Overdue devices claimed, by kind: retry, exhausted, orphan"),
    NOTES_FULL(
            "pushgate.mailbox.notes.full",
            "Targets of a message id that were not noted, as it had too many"),
    SCHEDULED(
            "pushgate.mailbox.scheduled",
            "Requests that were to wait for their time, by result: scheduled, repeated, duplicate"
                    + " or full"),
    FIRST_ACKS(
            "pushgate.mailbox.first.acks",
            "Acks of messages that the first one decides, by result: won or lost"),
    GROUPS_FULL(
            "pushgate.mailbox.groups.full",
            "Times that a group, or the set of an app, had no room for a device"),
    LOG_APPENDS(
            "pushgate.mailbox.log.appends",
            "Messages for broadcast logs by result: accepted, duplicate or recalled"),
    LOG_RECALLS("pushgate.mailbox.log.recalls", "Messages taken out of broadcast logs"),
    USER_DEVICES_DROPPED(
            "pushgate.mailbox.user.devices.dropped",
            "Devices a user lost as the least recently seen of too many"),
    TRACED(
            "pushgate.mailbox.traced",
            "Steps of traced messages by outcome: kept, dropped as too many were on their way, failed"),
    PAYLOADS(
            "pushgate.mailbox.payloads",
            "Payloads encoded, by the form they are stored in: plain, zstd or dictionary"),
    PAYLOAD_BYTES(
            "pushgate.mailbox.payload.bytes",
            "Bytes of the payloads encoded, as they were taken and as they are stored"),
    DICTIONARIES("pushgate.mailbox.dictionaries", "Dictionaries kept in memory to read with"),
    DICTIONARY_FORMS(
            "pushgate.mailbox.dictionary.forms",
            "Dictionaries that lie ready for zstd outside the heap, to write or to read with");

    /** The role under which errors of this module count. */
    static final String ROLE = "mailbox";

    private final String meterName;
    private final String description;

    MailboxMeters(String meterName, String description) {
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
