package io.pushgate.console.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.console.Rig;
import io.pushgate.console.Rig.Reply;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.ProcessReport;
import io.pushgate.mailbox.ProcessReports;
import io.pushgate.testkit.TestRedis;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

class StatsApiTest {
    @Test
    void anAppSeesItsOwnConnectionsOnly() throws Exception {
        try (Rig rig = new Rig()) {
            ProcessReports reports = new ProcessReports(rig.context.redis());
            Rig.get(
                    reports.report(
                            new ProcessReport(
                                    "n1",
                                    Map.of("written", 5L),
                                    Map.of(),
                                    Map.of(
                                            "app",
                                            Map.of(rig.app, 2, "other", 3),
                                            "platform",
                                            Map.of("pos", 5)))));
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    rig.get("/v1/stats")
                                                            .json()
                                                            .path("connections")
                                                            .path("total")
                                                            .asInt())
                                            .isEqualTo(2));
            Reply own = rig.get("/v1/stats");
            assertThat(own.json().has("samples")).isFalse();
            assertThat(own.json().path("connections").has("platform")).isFalse();
            Reply all = rig.asAdmin("GET", "/v1/stats");
            assertThat(all.json().path("connections").path("platform").path("pos").asInt())
                    .isEqualTo(5);
            assertThat(all.json().path("connections").path("node").path("n1").asInt()).isEqualTo(5);
            assertThat(all.json().path("nodes").asInt()).isEqualTo(1);
            assertThat(all.json().path("samples").isArray()).isTrue();
        }
    }

    @Test
    void aKeyIsToldWhoseItIs() throws Exception {
        try (Rig rig = new Rig()) {
            assertThat(rig.get("/v1/key").json().path("app").asText()).isEqualTo(rig.app);
            assertThat(rig.asAdmin("GET", "/v1/key").json().path("admin").asBoolean()).isTrue();
        }
    }

    @Test
    void aDrainingNodeIsNotAssigned() throws Exception {
        TestRedis.shared().flushAll();
        try (Rig rig = new Rig()) {
            assertThat(rig.get("/v1/nodes/assign").problem()).isEqualTo("no-node");
            rig.live("n1", 5);
            Rig.get(
                    rig.context
                            .leases()
                            .renew(
                                    new NodeLease("n2", "n2:1", 0, "", "1", 0, true),
                                    Duration.ofMinutes(1)));
            Reply reply = rig.get("/v1/nodes/assign");
            assertThat(reply.status()).as("%s", reply).isEqualTo(200);
            assertThat(reply.json().path("node").asText()).isEqualTo("n1");
            assertThat(reply.json().path("address").asText()).isEqualTo("n1:8080");
        }
    }
}
