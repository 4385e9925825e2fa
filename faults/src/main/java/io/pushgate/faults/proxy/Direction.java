package io.pushgate.faults.proxy;

/** Which way bytes flow through a {@link FaultProxy}. */
public enum Direction {
    /** From whoever connected to the server. */
    UP,
    /** From the server to whoever connected. */
    DOWN
}
