package io.pushgate.loadtest.agent;

import io.pushgate.loadtest.control.Plan;

import java.util.BitSet;

/**
 * What the devices of one agent were handed: each delivery of the plan is a bit. Belongs to one
 * thread.
 */
final class Ledger {
    /** No message yet. */
    static final int NONE = -1;

    private final Plan plan;
    private final BitSet received;
    long delivered;
    long doubled;
    long outOfOrder;
    long unexpected;

    Ledger(Plan plan) {
        this.plan = plan;
        this.received = new BitSet(plan.deliveries());
    }

    /**
     * Books a message that a device was handed.
     *
     * @param newest the newest of the messages that the device had before, or {@link #NONE}
     * @return whether it counts as delivered now
     */
    boolean handed(int device, int message, int newest) {
        if (message < 0 || message >= plan.messages() || !plan.isFor(message, device)) {
            unexpected++;
            return false;
        }
        int delivery = plan.delivery(message, device);
        if (received.get(delivery)) {
            doubled++;
            return false;
        }
        received.set(delivery);
        delivered++;
        if (message < newest) {
            outOfOrder++;
        }
        return true;
    }

    /** A live view. */
    BitSet received() {
        return received;
    }
}
