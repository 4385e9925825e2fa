package io.pushgate.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

class MemoryUseTest {
    @Test
    void readsWhatRedisSays() {
        String info =
                """
                # Memory
                used_memory:1048576
                used_memory_rss:9
                maxmemory:2097152
                maxmemory_policy:noeviction
                """;
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
        assertThat(Collections.max(List.of(large, unlimited, small), MemoryUse.BY_FULLNESS))
                .isEqualTo(small);
        MemoryUse less = new MemoryUse(1, 0);
        assertThat(Collections.max(List.of(less, unlimited), MemoryUse.BY_FULLNESS))
                .isEqualTo(unlimited);
    }
}
