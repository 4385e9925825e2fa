package io.pushgate.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.console.Rig;
import io.pushgate.console.Rig.Reply;
import io.pushgate.mailbox.Registered;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.runtime.redis.Subscription;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CopyOnWriteArrayList;

class DevicesApiTest {
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig();
        rig.live("n2", 1);
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static Reply device(String name) throws Exception {
        return rig.get("/v1/devices/" + rig.app + "/" + name);
    }

    @Test
    void aDeviceIsOnlineWhereItsNodeLives() throws Exception {
        Registered session = rig.connect("d1", "n2");
        rig.offer("d1", "m1");
        rig.offer("d1", "m2");
        Reply reply = device("d1");
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        assertThat(reply.json().path("online").asBoolean()).isTrue();
        assertThat(reply.json().path("node").asText()).isEqualTo("n2");
        assertThat(reply.json().path("session").asText()).isEqualTo(session.route().sessionId());
        assertThat(reply.json().path("platform").asText()).isEqualTo("pos");
        assertThat(reply.json().path("user").asText()).isEqualTo("ann");
        assertThat(reply.json().path("backlog").asInt()).isEqualTo(2);
        assertThat(reply.json().path("waiting").path(0).path("id").asText()).isEqualTo("m1");
        assertThat(reply.json().path("recent").path(0).path("id").asText()).isEqualTo("m2");
        assertThat(reply.json().path("recent").path(0).path("waiting").asBoolean()).isTrue();

        rig.connect("d2", "gone");
        assertThat(device("d2").json().path("online").asBoolean()).isFalse();
    }

    @Test
    void aDeviceNobodyKnowsIsNotFound() throws Exception {
        assertThat(device("nobody").problem()).isEqualTo("no-such-device");
        assertThat(device("b%20d").problem()).isEqualTo("invalid-request");
        assertThat(rig.get("/v1/devices/another/d1").problem()).isEqualTo("forbidden");
    }

    @Test
    void aKickEndsTheSession() throws Exception {
        Registered session = rig.connect("d3", "n3");
        CopyOnWriteArrayList<Delivery> orders = new CopyOnWriteArrayList<>();
        try (Subscription _ =
                rig.context
                        .bus()
                        .subscribe(
                                "n3",
                                message -> {
                                    if (message instanceof NodeMessage.Batch batch) {
                                        orders.add(batch.deliveries().getFirst().delivery());
                                        var _ =
                                                rig.context
                                                        .mailbox()
                                                        .unregister(
                                                                rig.device("d3"), session.route());
                                    }
                                })) {
            Reply reply = rig.send("DELETE", "/v1/devices/%s/d3/session".formatted(rig.app), null);
            assertThat(reply.status()).as("%s", reply).isEqualTo(200);
            assertThat(reply.json().path("closed").asBoolean()).isTrue();
            assertThat(orders)
                    .contains(
                            new Delivery.Disconnect(
                                    rig.device("d3"), session.route(), CloseReason.KICKED));
        }
        Reply again = rig.send("DELETE", "/v1/devices/%s/d3/session".formatted(rig.app), null);
        assertThat(again.problem()).isEqualTo("no-session");
    }

    @Test
    void nodesAreForAdministrators() throws Exception {
        assertThat(rig.get("/v1/nodes").problem()).isEqualTo("forbidden");
        Reply reply = rig.asAdmin("GET", "/v1/nodes");
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        assertThat(reply.json().path("nodes").findValuesAsText("id")).contains("n2");
    }
}
