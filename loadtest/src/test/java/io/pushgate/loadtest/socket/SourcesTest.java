package io.pushgate.loadtest.socket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class SourcesTest {
    private static final List<String> HERE = List.of("ws://127.0.0.1:1", "ws://127.0.0.1:2");
    private static final List<String> THERE = List.of("ws://n1.example:8080");

    @Test
    void fewConnectionsNeedNone() {
        assertThat(Sources.choose(List.of(), 20_000, HERE)).isEmpty();
        assertThat(Sources.warning(List.of(), 1, 10_000, THERE)).isNull();
    }

    @Test
    void thoseGivenAreTaken() {
        assertThat(Sources.choose(List.of("10.0.0.9"), 200_000, HERE)).containsExactly("10.0.0.9");
    }

    @Test
    void onThisMachineThereAreAsManyAsNeeded() {
        assertThat(Sources.choose(List.of(), 40_001, HERE))
                .containsExactly("127.0.0.2", "127.0.0.3", "127.0.0.4");
    }

    @Test
    void elsewhereTheyHaveToBeTold() {
        assertThat(Sources.choose(List.of(), 40_000, THERE)).isEmpty();
        assertThat(Sources.warning(List.of(), 1, 40_000, THERE)).contains("give 4 local addresses");
        assertThat(Sources.warning(List.of(), 2, 40_000, THERE)).contains("give 2 local addresses");
        assertThat(Sources.warning(List.of("a", "b"), 2, 40_000, THERE)).isNull();
    }
}
