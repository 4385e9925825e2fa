package io.pushgate.mailbox;

/** A set of devices that can be addressed as one. */
public sealed interface Audience {
    String app();

    /** The devices that a token or the API put into a group. */
    record Group(String app, String group) implements Audience {}

    /** Every device of an app that has connected, or was put into a group, within 90 days. */
    record App(String app) implements Audience {}
}
