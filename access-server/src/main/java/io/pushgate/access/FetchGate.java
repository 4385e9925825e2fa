package io.pushgate.access;

import java.util.ArrayDeque;

/**
 * Bounds the pages of inboxes that one event loop has in memory at once, however many of its
 * devices catch up; the rest wait their turn, each once. One thread only.
 */
final class FetchGate {
    private final int most;
    private final ArrayDeque<OrderedSender> waiting = new ArrayDeque<>();
    private int inside;

    FetchGate(int most) {
        this.most = most;
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
        return false;
    }

    void leave() {
        inside--;
        while (inside < most) {
            OrderedSender next = waiting.poll();
            if (next == null) {
                return;
            }
            next.turn();
        }
    }
}
