package io.pushgate.mailbox;

import java.util.List;
import java.util.Map;

/**
 * What a process says of itself to consoles, every few seconds.
 *
 * @param id of the process
 * @param counts messages since it started, by what was done with them
 * @param stages by stage, how many delays were at most each of {@link #BOUNDS}, since it started;
 *     the last number is of all of them
 * @param connections open now, by {@code app}, {@code platform} and {@code version}, then by its
 *     name; empty where it is no access node
 */
public record ProcessReport(
        String id,
        Map<String, Long> counts,
        Map<String, List<Long>> stages,
        Map<String, Map<String, Integer>> connections) {
    /** Upper bounds of the delays, milliseconds. */
    public static final List<Integer> BOUNDS =
            List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000);
}
