package io.pushgate.purger;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The expansions finished lately, {@link #MAX} at most, in case they have to be done again. One
 * thread.
 */
final class RecentExpansions {
    /** Of more the oldest are forgotten; with requests of the largest size these hold 64 MiB. */
    static final int MAX = 256;

    private record Finished(Expansion expansion, long at) {}

    private final Deque<Finished> finished = new ArrayDeque<>();
    private final Duration keep;
    private final InstantSource clock;

    RecentExpansions(Duration keep, InstantSource clock) {
        this.keep = keep;
        this.clock = clock;
    }

    void add(Expansion expansion) {
        long now = clock.millis();
        finished.addLast(new Finished(expansion, now));
        forget(now);
        if (finished.size() > MAX) {
            finished.removeFirst();
        }
    }

    /** Takes all of them, the oldest first. */
    List<Expansion> take() {
        forget(clock.millis());
        List<Expansion> all = finished.stream().map(Finished::expansion).toList();
        finished.clear();
        return all;
    }

    private void forget(long now) {
        while (!finished.isEmpty() && finished.getFirst().at() < now - keep.toMillis()) {
            finished.removeFirst();
        }
    }
}
