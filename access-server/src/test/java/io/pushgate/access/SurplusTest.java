package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.mailbox.NodeLease;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class SurplusTest {
    private final Surplus surplus =
            new Surplus(
                    "n0",
                    "eu",
                    SessionRig.config(
                                    Map.of(
                                            "balance.min-connections", "100",
                                            "balance.rate", "50",
                                            "balance.every", "10s"))
                            .balance());

    private static List<NodeLease> nodes(int... connections) {
        List<NodeLease> nodes = new ArrayList<>();
        for (int i = 0; i < connections.length; i++) {
            nodes.add(new NodeLease("n" + i, "n" + i + ":1", connections[i], "eu", "1", 1));
        }
        return nodes;
    }

    @Test
    void shedsFromAFifthAboveTheMeanDownToATwentieth() {
        assertThat(surplus.of(1_190, nodes(1_190, 905, 905)).shed()).isZero();
        assertThat(surplus.of(1_300, nodes(1_300, 850, 850)).shed()).isEqualTo(300);
        assertThat(surplus.of(1_060, nodes(1_060, 970, 970)).shed()).isEqualTo(60);
        assertThat(surplus.of(1_040, nodes(1_040, 980, 980)).shed()).isZero();
        assertThat(surplus.of(1_190, nodes(1_190, 905, 905)).shed()).isZero();
    }

    @Test
    void shedsNoMoreThanTheRateAllowsAndToNodesBelowTheMeanOnly() {
        Surplus.Round round = surplus.of(6_000, nodes(6_000, 4_500, 0));
        assertThat(round.above()).isEqualTo(2_500);
        assertThat(round.shed()).isEqualTo(500);
        assertThat(round.targets()).extracting(NodeLease::id).containsExactly("n2");
    }

    @Test
    void staysAsItIsWhereItIsSmallOrAlone() {
        assertThat(surplus.of(99, nodes(99, 0, 0))).isEqualTo(Surplus.Round.NOTHING);
        assertThat(surplus.of(5_000, nodes(5_000))).isEqualTo(Surplus.Round.NOTHING);
        assertThat(surplus.of(5_000, List.of())).isEqualTo(Surplus.Round.NOTHING);
    }

    @Test
    void countsNeitherOtherRegionsNorNodesThatLeave() {
        List<NodeLease> nodes =
                List.of(
                        new NodeLease("us", "us:1", 0, "us", "1", 1),
                        new NodeLease("leaves", "l:1", 0, "eu", "1", 1, true));
        assertThat(surplus.of(5_000, nodes)).isEqualTo(Surplus.Round.NOTHING);
    }

    @Test
    void namesAnAddressAsClientsTakeIt() {
        assertThat(Surplus.url(nodes(1).getFirst())).isEqualTo("//n0:1");
        assertThat(Surplus.url(new NodeLease("a", "wss://a/x", 0, "", "1", 1)))
                .isEqualTo("wss://a/x");
    }
}
