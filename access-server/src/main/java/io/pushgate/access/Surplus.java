package io.pushgate.access;

import io.pushgate.access.AccessConfig.AccessBalance;
import io.pushgate.mailbox.NodeLease;

import java.util.ArrayList;
import java.util.List;

/**
 * How many connections a node has too many, by the leases of all: with hysteresis, so that a node
 * at the limit does not send away in one round what comes back in the next. One thread at a time.
 */
final class Surplus {
    /** Shedding stops at this part of what it begins at. */
    private static final int STOP_AT = 4;

    private final String nodeId;
    private final String region;
    private final AccessBalance config;
    private boolean shedding;

    /**
     * What a round comes to.
     *
     * @param above connections above the mean, 0 below it
     * @param shed how many of them are to go now
     * @param targets nodes with fewer than the mean
     * @param mean connections of a node
     */
    record Round(int above, int shed, List<NodeLease> targets, int mean) {
        static final Round NOTHING = new Round(0, 0, List.of(), 0);
    }

    Surplus(String nodeId, String region, AccessBalance config) {
        this.nodeId = nodeId;
        this.region = region;
        this.config = config;
    }

    /**
     * @param own connections of this node at this moment; its lease may be seconds old
     */
    Round of(int own, List<NodeLease> live) {
        List<NodeLease> others = new ArrayList<>();
        long total = own;
        for (NodeLease node : live) {
            if (!node.id().equals(nodeId) && node.isAssignable() && node.region().equals(region)) {
                others.add(node);
                total += node.connections();
            }
        }
        int mean = (int) (total / (others.size() + 1));
        int above = Math.max(0, own - mean);
        if (others.isEmpty() || own < config.minConnections()) {
            shedding = false;
            return Round.NOTHING;
        }
        long limit = (long) mean * config.above() / 100;
        shedding = above > (shedding ? limit / STOP_AT : limit);
        others.removeIf(node -> node.connections() >= mean);
        return new Round(above, shedding ? Math.min(above, most()) : 0, others, mean);
    }

    private int most() {
        return (int) Math.max(1, config.rate() * config.every().toMillis() / 1_000);
    }

    /** The node's address as a goaway names it: a URL, or {@code //host:port}. */
    static String url(NodeLease target) {
        String address = target.address();
        return address.contains("://") ? address : "//" + address;
    }
}
