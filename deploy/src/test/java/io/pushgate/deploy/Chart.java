package io.pushgate.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The chart as Helm renders it for a release named {@code pg}.
 *
 * @param objects in the order of Helm
 */
record Chart(List<JsonNode> objects) {
    private static final Path FOLDER = Path.of("helm", "pushgate").toAbsolutePath();

    /** The oldest Kubernetes that the chart takes. */
    private static final String KUBERNETES = "1.29.0";

    /**
     * Renders it.
     *
     * @param values over those of the chart, by path
     */
    static Chart render(Map<String, String> values) {
        TemplateCommand template =
                new Helm(FOLDER).template().withName("pg").withKubeVersion(KUBERNETES);
        values.forEach(template::set);
        return new Chart(Documents.all(template.call()));
    }

    static LintResult lint() {
        return new Helm(FOLDER).lint().strict().call();
    }

    List<JsonNode> of(String kind) {
        return objects.stream().filter(o -> o.path("kind").asText().equals(kind)).toList();
    }

    JsonNode named(String kind, String name) {
        return of(kind).stream()
                .filter(o -> o.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
