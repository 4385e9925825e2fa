package io.pushgate.faults.load;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Books the messages that are sent to whole groups, beside those to one device of the {@link
 * Account}: which devices were handed each, and whether one was twice. Any thread.
 */
public final class GroupAccount {
    /** What the ids of such messages begin with. */
    public static final String PREFIX = "group-";

    private final Map<String, BitSet> handed = new HashMap<>();
    private long handedOver;
    private int doubled;

    static boolean owns(String id) {
        return id.startsWith(PREFIX);
    }

    synchronized void delivered(int device, String id) {
        BitSet devices = handed.computeIfAbsent(id, _ -> new BitSet());
        if (devices.get(device)) {
            doubled++;
        } else {
            devices.set(device);
            handedOver++;
        }
    }

    /** How many devices were handed the message. */
    public synchronized int devices(String id) {
        BitSet devices = handed.get(id);
        return devices == null ? 0 : devices.cardinality();
    }

    /** How many hand-overs there were of all messages, repeats not counted. */
    public synchronized long handedOver() {
        return handedOver;
    }

    /** How often a device was handed one that it had been handed before. */
    public synchronized int doubled() {
        return doubled;
    }
}
