package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;

class NodeLeasesTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static NodeLease lease(String id, int connections) {
        return new NodeLease(id, "10.0.0.1:8080", connections, "eu", "0.1", 1_700_000_000_000L);
    }

    @ParameterizedTest
    @EnumSource
    void renewedLeasesLiveAndReleasedOnesDoNot(Backend backend) {
        Fixture f = Fixture.on(backend);
        NodeLeases leases = new NodeLeases(backend.connection(), f.registry);
        get(leases.renew(lease("n1", 1), LONG));
        get(leases.renew(lease("n2", 2), LONG));
        get(leases.renew(lease("n1", 3), LONG));
        assertThat(get(leases.live())).containsExactlyInAnyOrder(lease("n1", 3), lease("n2", 2));

        get(leases.release("n1"));
        get(leases.release("n1"));
        assertThat(get(leases.live())).containsExactly(lease("n2", 2));
    }

    @ParameterizedTest
    @EnumSource
    void aLeaseRunsOut(Backend backend) {
        Fixture f = Fixture.on(backend);
        NodeLeases leases = new NodeLeases(backend.connection(), f.registry);
        assertThat(get(leases.renew(lease("n1", 1), LONG))).as("its first").isFalse();
        assertThat(get(leases.renew(lease("n1", 1), Duration.ofMillis(50)))).isTrue();
        await().until(() -> get(leases.live()).isEmpty());
        assertThat(get(f.commands().exists(Bytes.of("{nodes}index")))).isZero();
        assertThat(get(leases.renew(lease("n1", 1), LONG))).as("it had run out").isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void otherVersionsAndRubbishAreNoObstacle(Backend backend) {
        Fixture f = Fixture.on(backend);
        NodeLeases leases = new NodeLeases(backend.connection(), f.registry);
        get(leases.renew(lease("new", 1), LONG));
        get(leases.renew(lease("bad", 1), LONG));
        get(
                f.commands()
                        .set(
                                Bytes.of("{nodes}node:new"),
                                Bytes.of(
                                        """
                                        {"id":"new","address":"a:1","connections":1,"region":"",
                                         "version":"9","startedAt":1,"shoeSize":43}""")));
        get(f.commands().set(Bytes.of("{nodes}node:bad"), Bytes.of("{")));
        assertThat(get(leases.live())).containsExactly(new NodeLease("new", "a:1", 1, "", "9", 1));
        assertThat(f.errors(MailboxError.CORRUPT_LEASE)).isEqualTo(1);
    }
}
