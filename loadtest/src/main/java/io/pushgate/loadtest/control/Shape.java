package io.pushgate.loadtest.control;

/** Whom the messages of a run are for. */
public enum Shape {
    /** Each for one device. */
    UNICAST,
    /** Each for a user, and so for all devices of that user. */
    USER,
    /** One in ten for a user, the others for one device. */
    MIXED
}
