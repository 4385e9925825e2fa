package io.pushgate.mailbox;

/** What became of putting a device into a group. */
public sealed interface JoinResult {
    /** It belongs to the group now, or did so before. */
    record Joined() implements JoinResult {}

    /** The API has put the device into {@link Groups#MAX_OF_DEVICE} groups already. */
    record TooMany() implements JoinResult {}

    /** The group takes no more devices; see {@link Groups}. */
    record Full() implements JoinResult {}
}
