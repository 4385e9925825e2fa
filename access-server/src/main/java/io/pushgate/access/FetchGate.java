package io.pushgate.access;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the pages of inboxes that one event loop has in memory at once, however many of its
 * devices catch up; the rest wait their turn, each once. One thread only.
 */
final class FetchGate {
    private final int most;
    private final AtomicInteger waitingOfNode;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int inside;

    /**
     * @param waitingOfNode how many wait at all gates of the node
     */
    FetchGate(int most, AtomicInteger waitingOfNode) {
        this.most = most;
        this.waitingOfNode = waitingOfNode;
    }

    /** Whether the sender may fetch now; if not it is called by {@link Waiting#turn} later. */
    boolean enter(Waiting sender) {
        if (inside < most) {
            inside++;
            return true;
        }
        waiting.add(sender);
        waitingOfNode.incrementAndGet();
        return false;
    }

    void leave() {
        inside--;
        while (inside < most) {
            Waiting next = waiting.poll();
            if (next == null) {
                return;
            }
            waitingOfNode.decrementAndGet();
            next.turn();
        }
    }

    /** A sender that may have to wait. */
    interface Waiting {
        /** The gate would let it in now. */
        void turn();
    }
}
