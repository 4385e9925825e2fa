package io.pushgate.purger;

import io.pushgate.protocol.Priority;
import io.pushgate.runtime.LaneGate;

/**
 * The urgency of what is offered: requests of a lane pass its expansions, and both pass the lanes
 * below.
 */
record Lane(LaneGate gate, int rank) {
    private static final int RANKS = 2 * Priority.values().length;

    /** Less urgent offers wait at most so long for each go, and then take their turn. */
    private static final long MOST_WAIT_MILLIS = 20;

    static LaneGate newGate() {
        return new LaneGate(RANKS, MOST_WAIT_MILLIS);
    }

    static Lane ofRequests(LaneGate gate, Priority priority) {
        return new Lane(gate, 2 * priority.lane());
    }

    static Lane ofExpansions(LaneGate gate, Priority priority) {
        return new Lane(gate, 2 * priority.lane() + 1);
    }

    LaneGate.Pass enter() throws InterruptedException {
        return gate.enter(rank);
    }
}
