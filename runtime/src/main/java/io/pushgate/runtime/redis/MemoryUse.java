package io.pushgate.runtime.redis;

import java.util.Comparator;

/**
 * The memory of one server.
 *
 * @param usedBytes what it uses
 * @param limitBytes what it may use ({@code maxmemory}), 0 where nothing is set
 */
record MemoryUse(long usedBytes, long limitBytes) {
    static final MemoryUse UNKNOWN = new MemoryUse(0, 0);

    /** The share of the limit first; among servers without one, what they use. */
    static final Comparator<MemoryUse> BY_FULLNESS =
            Comparator.comparingDouble(MemoryUse::share).thenComparingLong(MemoryUse::usedBytes);

    /** Reads the answer to INFO memory; what is missing counts as 0. */
    static MemoryUse parse(String info) {
        return new MemoryUse(number(info, "used_memory:"), number(info, "maxmemory:"));
    }

    private double share() {
        return limitBytes == 0 ? 0 : (double) usedBytes / limitBytes;
    }

    private static long number(String info, String field) {
        return info.lines()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()).strip())
                .filter(value -> value.matches("\\d{1,18}"))
                .findFirst()
                .map(Long::parseLong)
                .orElse(0L);
    }
}
