package io.pushgate.access;

import io.pushgate.runtime.Ticker;

import java.time.InstantSource;

/** The two clocks of a node: one for how long, one for when. */
record NodeClock(Ticker ticker, InstantSource wall) {
    long nanos() {
        return ticker.nanos();
    }

    /** Epoch milliseconds. */
    long millis() {
        return wall.millis();
    }
}
