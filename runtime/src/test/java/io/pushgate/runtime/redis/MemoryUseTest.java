package io.pushgate.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class MemoryUseTest {
    @Test
    void readsWhatRedisSays() {
        String info =
                "# Memory\r\nused_memory:1048576\r\nused_memory_rss:9\r\nmaxmemory:2097152\r\n"
                        + "maxmemory_policy:noeviction\r\n";
        assertThat(MemoryUse.parse(info)).isEqualTo(new MemoryUse(1_048_576, 2_097_152));
    }

    @Test
    void takesWhatIsMissingOrOddForNothing() {
        assertThat(MemoryUse.parse("used_memory:many\r\n")).isEqualTo(MemoryUse.UNKNOWN);
    }

    @Test
    void theFullestIsTheOneNearestToItsLimit() {
        MemoryUse small = new MemoryUse(90, 100);
        MemoryUse large = new MemoryUse(500, 1_000);
        MemoryUse unlimited = new MemoryUse(9_000, 0);
        assertThat(List.of(large, unlimited, small).stream().max(MemoryUse.BY_FULLNESS))
                .contains(small);
        assertThat(List.of(new MemoryUse(1, 0), unlimited).stream().max(MemoryUse.BY_FULLNESS))
                .contains(unlimited);
    }
}
