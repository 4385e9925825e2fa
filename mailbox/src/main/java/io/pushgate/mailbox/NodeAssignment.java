package io.pushgate.mailbox;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Chooses the access node that a device is to connect to: of two drawn at random the one with fewer
 * connections. That keeps the fullest node close to the mean, and unlike "the emptiest of all" it
 * doesn't send everybody to the same node while the counts are a few seconds old (Mitzenmacher,
 * "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 2001).
 *
 * <p>Nothing here keeps state; any thread may call.
 */
public final class NodeAssignment {
    private NodeAssignment() {}

    /**
     * The node to connect to; empty where there is none.
     *
     * @param live the leases of the live nodes, as {@link NodeLeases#live} gives them; only those
     *     count that a device can be sent to, see {@link NodeLease#isAssignable}
     */
    public static Optional<NodeLease> choose(List<NodeLease> live, RandomGenerator random) {
        List<NodeLease> nodes = live.stream().filter(NodeLease::isAssignable).toList();
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        int first = random.nextInt(nodes.size());
        if (nodes.size() == 1) {
            return Optional.of(nodes.getFirst());
        }
        int second = (first + 1 + random.nextInt(nodes.size() - 1)) % nodes.size();
        NodeLease one = nodes.get(first);
        NodeLease other = nodes.get(second);
        return Optional.of(one.connections() <= other.connections() ? one : other);
    }
}
