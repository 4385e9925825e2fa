package io.pushgate.protocol;

import java.util.Random;

/**
 * Randomness that can be had again: one seed for the whole run, printed, or given as {@code
 * -Dseed=}. Every test starts from it anew, so that a single one repeats what it did in the suite.
 */
final class Seeds {
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    static {
        System.out.println("random tests: repeat with -Dseed=" + SEED);
    }

    private Seeds() {}

    static Random random() {
        return new Random(SEED);
    }
}
