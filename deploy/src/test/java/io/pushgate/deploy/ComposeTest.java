package io.pushgate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.pushgate.standalone.PushgateConfig;
import io.pushgate.standalone.RoleKind;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The compose files, as far as that can be told without a Docker engine. */
class ComposeTest {
    private static final Path FOLDER = Path.of("compose");
    private static final Path MAIN = FOLDER.resolve("compose.yaml");
    private static final Path CLUSTER = FOLDER.resolve("redis-cluster.yaml");

    @Test
    void runsEveryRoleTwice() throws IOException {
        Map<String, Integer> processes = new TreeMap<>();
        for (JsonNode role : roles(MAIN).values()) {
            processes.merge(role.at("/command/0").asText(), 1, Integer::sum);
        }
        Map<String, Integer> each = new TreeMap<>();
        for (RoleKind kind : RoleKind.values()) {
            each.put(kind.command(), 2);
        }
        assertThat(processes).isEqualTo(each);
    }

    @Test
    void everyRoleHasSettingsThatTheGatewayTakes() throws Exception {
        Map<String, JsonNode> cluster = services(CLUSTER);
        for (Map.Entry<String, JsonNode> role : roles(MAIN).entrySet()) {
            Map<String, String> env = Settings.ofMap(role.getValue().path("environment"));
            PushgateConfig config = Settings.load(null, env);
            assertThat(config.management().host()).isEqualTo("0.0.0.0");
            assertThat(seconds(role.getValue().path("stop_grace_period").asText()))
                    .isGreaterThan(config.drain().deadline());

            assertThat(cluster).containsKey(role.getKey());
            JsonNode over = Objects.requireNonNull(cluster.get(role.getKey()));
            env.putAll(Settings.ofMap(over.path("environment")));
            assertThat(Settings.load(null, env).mailbox().minReplicas()).isEqualTo(1);
        }
    }

    @Test
    void prometheusScrapesEveryRole() throws IOException {
        Set<String> targets = new TreeSet<>();
        for (JsonNode group : Documents.yaml(FOLDER.resolve("targets.yml"))) {
            for (String target : Documents.texts(group.path("targets"))) {
                assertThat(target).endsWith(":8082");
                targets.add(target.substring(0, target.indexOf(':')));
            }
        }
        assertThat(targets).isEqualTo(roles(MAIN).keySet());
    }

    @Test
    void whatIsMountedIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        int mounts = 0;
        for (JsonNode service : services(MAIN).values()) {
            for (String volume : Documents.texts(service.path("volumes"))) {
                String source = volume.substring(0, volume.indexOf(':'));
                if (source.startsWith(".")) {
                    mounts++;
                    if (!Files.exists(FOLDER.resolve(source))) {
                        missing.add(source);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(mounts).isPositive();
    }

    @Test
    void whatIsWaitedForIsAService() throws IOException {
        Map<String, JsonNode> all = services(MAIN);
        all.putAll(services(CLUSTER));
        for (JsonNode service : all.values()) {
            service.path("depends_on")
                    .fieldNames()
                    .forEachRemaining(name -> assertThat(all).containsKey(name));
        }
    }

    @Test
    void theClusterHasSixServers() throws IOException {
        assertThat(services(CLUSTER).keySet())
                .filteredOn(name -> name.matches("redis(-\\d)?"))
                .hasSize(6);
    }

    /** The services that run one of our commands for good. */
    private static Map<String, JsonNode> roles(Path file) throws IOException {
        Map<String, JsonNode> roles = services(file);
        roles.values()
                .removeIf(
                        service ->
                                !service.path("image").asText().contains("PUSHGATE_IMAGE")
                                        || service.has("profiles"));
        return roles;
    }

    private static Map<String, JsonNode> services(Path file) throws IOException {
        Map<String, JsonNode> services = new TreeMap<>();
        Documents.yaml(file)
                .path("services")
                .properties()
                .forEach(e -> services.put(e.getKey(), e.getValue()));
        return services;
    }

    private static Duration seconds(String text) {
        assertThat(text).matches("\\d+s");
        return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
    }
}
