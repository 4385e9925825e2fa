package io.pushgate.mailbox;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * Knows which access nodes are gone, from leases read in the background.
 *
 * <p>A node counts as dead after its lease was missing in so many refreshes in a row, all of them
 * answered. One missing lease proves nothing: after an outage of Redis every lease has run out
 * while every node is alive and about to renew. So a refresh that fails starts the count again, and
 * a process that was paused doesn't take its own absence for the node's.
 */
public final class LiveNodes implements AutoCloseable {
    /** Missing nodes that are watched; routes to more than these count as alive. */
    static final int MAX_WATCHED = 10_000;

    private static final Logger log = LoggerFactory.getLogger(LiveNodes.class);

    private final NodeLeases leases;
    private final Duration refresh;
    private final int deadAfter;
    private final ConcurrentMap<String, Integer> missing = new ConcurrentHashMap<>();
    private volatile Set<String> live = Set.of();
    private @Nullable Thread thread;

    /**
     * @param refresh pause between two refreshes
     * @param deadAfter refreshes in a row, at least 1, after which a missing node is dead
     */
    public LiveNodes(NodeLeases leases, Duration refresh, int deadAfter) {
        this.leases = leases;
        this.refresh = refresh;
        this.deadAfter = deadAfter;
    }

    /** Begins to refresh; call once. */
    public void start() {
        thread = Thread.ofVirtual().name("live-nodes").start(this::run);
    }

    /** Whether the node has been without a lease for long enough; any thread, never blocks. */
    public boolean isDead(String node) {
        if (live.contains(node)) {
            return false;
        }
        Integer refreshes = missing.get(node);
        if (refreshes == null) {
            if (missing.size() < MAX_WATCHED) {
                missing.putIfAbsent(node, 0);
            }
            return false;
        }
        return refreshes >= deadAfter;
    }

    /** The nodes that had a lease when it was looked last; any thread, never blocks. */
    public Set<String> live() {
        return live;
    }

    private void run() {
        try {
            while (true) {
                refresh();
                Thread.sleep(refresh);
            }
        } catch (InterruptedException e) {
            log.debug("no longer refreshing the leases");
        }
    }

    /** Reads the leases once; blocks for the round trip. */
    void refresh() throws InterruptedException {
        try {
            Set<String> found =
                    leases.live().toCompletableFuture().get().stream()
                            .map(NodeLease::id)
                            .collect(Collectors.toUnmodifiableSet());
            live = found;
            missing.replaceAll((node, refreshes) -> Math.min(refreshes + 1, deadAfter));
            missing.keySet().removeAll(found);
        } catch (ExecutionException e) {
            missing.clear();
            log.debug("leases not read", e);
        }
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
