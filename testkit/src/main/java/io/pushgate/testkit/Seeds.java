package io.pushgate.testkit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Random;

/** Random numbers that can be had again: {@code -Dseed=<number>} repeats a run. */
public final class Seeds {
    private static final Logger log = LoggerFactory.getLogger(Seeds.class);

    private Seeds() {}

    /** A new generator, from {@code -Dseed} or else from anywhere; the seed is logged. */
    public static Random random() {
        Long fixed = Long.getLong("seed");
        long seed = fixed == null ? new Random().nextLong() : fixed;
        log.info("Repeat with -Dseed={}", seed);
        return new Random(seed);
    }
}
