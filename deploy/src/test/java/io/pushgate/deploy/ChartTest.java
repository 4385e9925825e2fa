package io.pushgate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.LintResult;

import io.pushgate.standalone.PushgateConfig;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Helm chart: linted, rendered, and held to Kubernetes' model and to the gateway. */
class ChartTest {
    private static final Chart CHART = Chart.render(Map.of("serviceMonitor.enabled", "true"));

    @TempDir Path temp = Path.of("");

    @Test
    void isLinted() {
        LintResult lint = Chart.lint();
        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
    }

    @Test
    void holdsWhatKubernetesKnows() throws Exception {
        for (JsonNode object : CHART.objects()) {
            KubernetesModel.check(object);
        }
    }

    @Test
    void aMisspeltFieldWouldBeNoticed() {
        ObjectNode deployment = CHART.of("Deployment").getFirst().deepCopy();
        ((ObjectNode) deployment.at("/spec/template/spec/containers/0")).put("imagePullPolice", "");
        assertThatThrownBy(() -> KubernetesModel.check(deployment))
                .hasMessageContaining("imagePullPolice");
    }

    @Test
    void hasADeploymentWithABudgetForEachRole() {
        List<String> roles =
                Arrays.stream(RoleKind.values()).map(RoleKind::command).sorted().toList();
        assertThat(CHART.of("Deployment"))
                .extracting(deployment -> container(deployment).at("/args/0").asText())
                .containsExactlyInAnyOrderElementsOf(roles);
        for (String kind : List.of("PodDisruptionBudget", "NetworkPolicy")) {
            assertThat(CHART.of(kind)).as(kind).hasSameSizeAs(roles);
        }
    }

    @Test
    void everyContainerHasSettingsThatTheGatewayTakes() throws Exception {
        Path file = temp.resolve("pushgate.yaml");
        Files.writeString(
                file, CHART.of("ConfigMap").getFirst().at("/data/pushgate.yaml").asText());
        for (JsonNode deployment : CHART.of("Deployment")) {
            JsonNode pod = deployment.at("/spec/template/spec");
            PushgateConfig config = Settings.load(file, env(container(deployment)));
            long grace = pod.path("terminationGracePeriodSeconds").asLong();
            long pause = container(deployment).at("/lifecycle/preStop/exec/command/1").asLong();
            assertThat(pause).isPositive();
            assertThat(Duration.ofSeconds(grace - pause)).isGreaterThan(config.drain().deadline());
            // Kubernetes would set PUSHGATE_…_SERVICE_HOST, which is no setting.
            assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
        }
    }

    @Test
    void secretsAreTakenByReference() {
        for (JsonNode deployment : CHART.of("Deployment")) {
            for (JsonNode variable : container(deployment).path("env")) {
                if (variable.path("name").asText().matches(".*(URI|PASSWORD|JAAS|SECRET).*")) {
                    assertThat(variable.at("/valueFrom/secretKeyRef/name").asText())
                            .as("%s", variable)
                            .isNotEmpty();
                }
            }
        }
        assertThat(CHART.of("Secret")).isEmpty();
    }

    @Test
    void nothingRunsAsRootOrWrites() {
        for (JsonNode deployment : CHART.of("Deployment")) {
            JsonNode pod = deployment.at("/spec/template/spec");
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            JsonNode rights = container(deployment).path("securityContext");
            assertThat(rights.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(rights.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(Documents.texts(rights.at("/capabilities/drop"))).containsExactly("ALL");
        }
    }

    @Test
    void whatSelectsPodsSelectsThoseOfOneRole() {
        List<JsonNode> selectors = new ArrayList<>();
        CHART.of("Service").forEach(o -> selectors.add(o.at("/spec/selector")));
        CHART.of("NetworkPolicy")
                .forEach(o -> selectors.add(o.at("/spec/podSelector/matchLabels")));
        for (String kind : List.of("Deployment", "PodDisruptionBudget")) {
            CHART.of(kind).forEach(o -> selectors.add(o.at("/spec/selector/matchLabels")));
        }
        for (JsonNode selector : selectors) {
            assertThat(selector).isNotEmpty();
            assertThat(CHART.of("Deployment"))
                    .filteredOn(o -> contains(o.at("/spec/template/metadata/labels"), selector))
                    .as("%s", selector)
                    .hasSize(1);
        }
    }

    @Test
    void portsAreNamedAsTheContainersName() {
        for (JsonNode service : CHART.of("Service")) {
            JsonNode deployment =
                    CHART.of("Deployment").stream()
                            .filter(
                                    o ->
                                            contains(
                                                    o.at("/spec/template/metadata/labels"),
                                                    service.at("/spec/selector")))
                            .findFirst()
                            .orElseThrow();
            assertThat(container(deployment).path("ports").findValuesAsText("name"))
                    .containsAll(service.path("spec").findValuesAsText("targetPort"));
        }
    }

    @Test
    void growsByConnectionsAndByLag() {
        Map<String, String> metrics = new TreeMap<>();
        for (JsonNode scaler : CHART.of("HorizontalPodAutoscaler")) {
            String target = scaler.at("/spec/scaleTargetRef/name").asText();
            assertThat(CHART.of("Deployment"))
                    .extracting(o -> o.at("/metadata/name").asText())
                    .contains(target);
            metrics.put(target, String.join(",", scaler.findValuesAsText("topic")));
            // Who scales and who says how many there are must not be two.
            assertThat(CHART.named("Deployment", target).at("/spec/replicas").isMissingNode())
                    .isTrue();
        }
        assertThat(metrics)
                .isEqualTo(
                        Map.of(
                                "pg-access-server", "",
                                "pg-purger", "push.requests",
                                "pg-dispatcher", "push.deliveries"));
    }

    @Test
    void theMonitorFindsTheManagementPorts() {
        JsonNode monitor = CHART.of("ServiceMonitor").getFirst();
        List<JsonNode> found =
                CHART.of("Service").stream()
                        .filter(
                                o ->
                                        contains(
                                                o.at("/metadata/labels"),
                                                monitor.at("/spec/selector/matchLabels")))
                        .toList();
        assertThat(found).hasSize(RoleKind.values().length);
        assertThat(found)
                .allSatisfy(
                        service ->
                                assertThat(service.at("/spec/ports/0/name"))
                                        .isEqualTo(monitor.at("/spec/endpoints/0/port")));
        assertThat(Chart.render(Map.of()).of("ServiceMonitor")).isEmpty();
    }

    private static JsonNode container(JsonNode deployment) {
        return deployment.at("/spec/template/spec/containers/0");
    }

    /** The variables of the container, with an address where a secret has one. */
    private static Map<String, String> env(JsonNode container) {
        Map<String, String> env = new TreeMap<>();
        for (JsonNode variable : container.path("env")) {
            String name = variable.path("name").asText();
            env.put(
                    name,
                    name.equals("PUSHGATE_REDIS_URI")
                            ? "redis://user:secret@redis:6379"
                            : variable.path("value").asText("from-elsewhere"));
        }
        return env;
    }

    private static boolean contains(JsonNode labels, JsonNode selector) {
        for (Map.Entry<String, JsonNode> wanted : selector.properties()) {
            if (!wanted.getValue().equals(labels.path(wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
