package io.pushgate.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Set;

class ReplicationTest {
    @Test
    void readsWhatAPrimaryAndAReplicaSay() {
        assertThat(Replication.parse("role:master\r\nmaster_replid:5f2a\r\nmaster_replid2:0\r\n"))
                .isEqualTo(new Replication(true, "5f2a"));
        assertThat(Replication.parse("role:slave\r\nmaster_replid:5f2a\r\n"))
                .isEqualTo(new Replication(false, "5f2a"));
    }

    @Test
    void whatSaysNothingIsNoPrimary() {
        assertThat(Replication.parse("")).isEqualTo(new Replication(false, ""));
    }

    @Test
    void theFirstHistoriesAreNoChangeAndLaterNewOnesAre() {
        Histories histories = new Histories();
        assertThat(histories.changedBy(Set.of("a", "b"))).isFalse();
        assertThat(histories.changedBy(Set.of("b", "a"))).isFalse();
        assertThat(histories.changedBy(Set.of("a", "c"))).isTrue();
        assertThat(histories.changedBy(Set.of("b", "c"))).as("a slot moved back").isFalse();
    }
}
