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
    private final ArrayDeque<OrderedSender> waiting = new ArrayDeque<>();
    private int inside;

    /**
     * @param waitingOfNode how many wait at all gates of the node
     */
    FetchGate(int most, AtomicInteger waitingOfNode) {
        this.most = most;
        this.waitingOfNode = waitingOfNode;
    }

    /**
     * Whether the sender may fetch now; if not it is called by {@link OrderedSender#pump} later.
     */
    boolean enter(OrderedSender sender) {
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
            OrderedSender next = waiting.poll();
            if (next == null) {
                return;
            }
            waitingOfNode.decrementAndGet();
            next.turn();
        }
    }
}
