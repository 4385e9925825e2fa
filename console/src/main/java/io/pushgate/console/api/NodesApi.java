package io.pushgate.console.api;

import io.pushgate.console.http.Answer;
import io.pushgate.console.http.Call;
import io.pushgate.console.http.Problem;
import io.pushgate.console.http.ProblemType;
import io.pushgate.console.http.Replies;
import io.pushgate.mailbox.NodeAssignment;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.NodeLeases;

import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** {@code /v1/nodes…}: the access nodes that live. */
final class NodesApi {
    private final NodeLeases leases;
    private final RandomGenerator random;

    /**
     * @param random used by several threads at once
     */
    NodesApi(NodeLeases leases, RandomGenerator random) {
        this.leases = leases;
        this.random = random;
    }

    private record Nodes(List<NodeLease> nodes) {}

    private record Assigned(String node, String address, String region) {}

    Answer list(Call call) throws Problem, InterruptedException {
        List<NodeLease> live = Replies.await(leases.live());
        return Answer.ok(
                new Nodes(live.stream().sorted(Comparator.comparing(NodeLease::id)).toList()));
    }

    /** Two random choices, the less loaded. */
    Answer assign(Call call) throws Problem, InterruptedException {
        NodeLease chosen =
                NodeAssignment.choose(Replies.await(leases.live()), random)
                        .orElseThrow(
                                () ->
                                        new Problem(
                                                ProblemType.NO_NODE,
                                                "no access node lives that devices can be sent to:"
                                                        + " each needs access.address"));
        return Answer.ok(new Assigned(chosen.id(), chosen.address(), chosen.region()));
    }
}
