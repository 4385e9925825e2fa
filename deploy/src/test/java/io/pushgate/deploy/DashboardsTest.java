package io.pushgate.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Dashboards and rules against the operations guide, whose meters other tests hold to the code.
 * Whether the queries have data is what {@code deploy/check} asks a real Prometheus.
 */
class DashboardsTest {
    private static final Path DASHBOARDS = Path.of("grafana", "dashboards");
    private static final Path RULES = Path.of("prometheus", "rules");
    private static final Pattern METRIC = Pattern.compile("\\bpushgate_[a-z0-9_]+");
    private static final Pattern RECORDED =
            Pattern.compile("[a-z_]*:?\\bpushgate[a-z_]*:[a-z0-9_:]+");

    /** What Prometheus, or Micrometer on its behalf, hangs on to the name of a meter. */
    private static final Pattern SUFFIX =
            Pattern.compile("(_seconds)?(_total|_bucket|_count|_sum)?$");

    /** Comes with TLS, whose meters have a section of their own. */
    private static final Set<String> WITH_A_SETTING = Set.of("pushgate_tls_certificate_expiry");

    @Test
    void everyMetricIsAMeterOfTheGuide() throws IOException {
        Set<String> meters = documentedMeters();
        Set<String> unknown = new TreeSet<>();
        for (String query : queries()) {
            for (String metric : found(METRIC, query)) {
                if (!WITH_A_SETTING.contains(metric)
                        && !meters.contains(metric)
                        && !meters.contains(SUFFIX.matcher(metric).replaceFirst(""))) {
                    unknown.add(metric);
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyRecordedMetricIsRecorded() throws IOException {
        Set<String> recorded = new TreeSet<>();
        for (JsonNode rule : rules()) {
            if (rule.has("record")) {
                recorded.add(rule.path("record").asText());
            }
        }
        Set<String> used = new TreeSet<>();
        for (String query : queries()) {
            used.addAll(found(RECORDED, query));
        }
        assertThat(used).isNotEmpty().isSubsetOf(recorded);
    }

    @Test
    void everyAlertHasASectionInTheGuideAndATest() throws IOException {
        Set<String> anchors =
                Files.readString(Path.of("..", "docs", "operations.md"))
                        .lines()
                        .filter(line -> line.startsWith("### "))
                        .map(line -> line.substring(4).toLowerCase(Locale.ROOT).replace(' ', '-'))
                        .map(anchor -> "docs/operations.md#" + anchor)
                        .collect(Collectors.toSet());
        Set<String> tested =
                new TreeSet<>(
                        Documents.yaml(Path.of("prometheus", "rules.test.yml"))
                                .findValuesAsText("alertname"));
        for (JsonNode rule : rules()) {
            if (rule.has("alert")) {
                assertThat(anchors).contains(rule.at("/annotations/runbook").asText());
                assertThat(rule.at("/labels/severity").asText()).isIn("page", "ticket");
                assertThat(tested).contains(rule.path("alert").asText());
            }
        }
    }

    @Test
    void dashboardsHaveNamesOfTheirOwnAndTheProvisionedSource() throws IOException {
        String source =
                Documents.yaml(Path.of("grafana", "provisioning", "datasources", "prometheus.yml"))
                        .at("/datasources/0/uid")
                        .asText();
        Set<String> uids = new TreeSet<>();
        for (Path file : Documents.files(DASHBOARDS, ".json")) {
            JsonNode dashboard = Documents.json(file);
            assertThat(uids.add(dashboard.path("uid").asText())).as("%s", file).isTrue();
            Set<Integer> panels = new TreeSet<>();
            for (JsonNode panel : dashboard.path("panels")) {
                assertThat(panels.add(panel.path("id").asInt())).as("%s", panel).isTrue();
                assertThat(panel.at("/datasource/uid").asText()).isEqualTo(source);
                assertThat(panel.path("targets")).as("%s", panel).isNotEmpty();
            }
        }
        assertThat(uids)
                .contains(
                        "pushgate-latency",
                        "pushgate-connections",
                        "pushgate-flow",
                        "pushgate-machines");
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        for (Path file : Documents.files(RULES, ".yml")) {
            for (JsonNode group : Documents.yaml(file).path("groups")) {
                rules.addAll(Documents.list(group.path("rules")));
            }
        }
        return rules;
    }

    private static List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        for (Path file : Documents.files(DASHBOARDS, ".json")) {
            queries.addAll(Documents.json(file).findValuesAsText("expr"));
        }
        for (JsonNode rule : rules()) {
            queries.add(rule.path("expr").asText());
        }
        assertThat(queries).hasSizeGreaterThan(50);
        return queries;
    }

    /** As Prometheus spells them, without the suffixes. */
    private static Set<String> documentedMeters() throws IOException {
        return Files.readString(Path.of("..", "docs", "operations.md"))
                .lines()
                .filter(line -> line.startsWith("| `pushgate."))
                .map(line -> line.substring(3, line.indexOf('`', 3)).replace('.', '_'))
                .collect(Collectors.toSet());
    }

    private static Set<String> found(Pattern pattern, String query) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(query);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }
}
