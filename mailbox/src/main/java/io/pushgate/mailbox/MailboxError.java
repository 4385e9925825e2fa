package io.pushgate.mailbox;

/** Kinds of {@code pushgate.errors} with role {@code mailbox}. */
enum MailboxError {
    /** An inbox entry that can't be read; it is taken out, with a receipt where its id is known. */
    CORRUPT_ENTRY,
    /** A payload on its way to a device that can't be read; it is fetched from the inbox. */
    CORRUPT_PAYLOAD,
    /** An outbox entry that can't be read; it is taken out. */
    CORRUPT_RECEIPT,
    /** A session record that can't be read; the device counts as offline. */
    CORRUPT_SESSION,
    /** The targets of a message that can't be read; a recall does not reach them. */
    CORRUPT_NOTE,
    /** A lease that can't be read; the node counts as gone. */
    CORRUPT_LEASE,
    /** A record of a device's groups that can't be read; it counts as empty. */
    CORRUPT_MEMBERSHIP,
    /** The progress of an expansion that can't be read; the expansion begins anew. */
    CORRUPT_PROGRESS,
    /** A dictionary, or what is noted of it, that can't be read; it counts as missing. */
    CORRUPT_DICTIONARY,
    /** Redis did not say which dictionary an app has; the one known is used for an hour. */
    DICTIONARY_UNKNOWN,
    /** Bytes on a channel that are no message for it. */
    BAD_NODE_MESSAGE
}
