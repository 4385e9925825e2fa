package io.pushgate.client;

/** When the gateway learns that a message has reached the app. */
public enum AckMode {
    /** As soon as {@link PushgateListener#onMessage} has returned normally. */
    AUTO,
    /** When the app calls {@link PushMessage#ack()}. */
    MANUAL
}
