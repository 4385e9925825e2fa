package io.pushgate.console.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.pushgate.console.Rig;
import io.pushgate.console.http.Route;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The description and the routes are of the same API. */
class OpenApiTest {
    private static Rig rig;
    private static JsonNode document;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig();
        document = rig.send("GET", "/openapi.json", null, null, "").json();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static String operation(Route route) {
        return route.method() + " " + route.pattern();
    }

    @Test
    void itDescribesEachRouteAndNoOther() {
        assertThat(document.path("openapi").asText()).startsWith("3.1.");
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (!method.getKey().equals("parameters")) {
                    described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
            }
        }
        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(
                        rig.console.routes().stream()
                                .filter(route -> !route.pattern().startsWith("/page/"))
                                .filter(route -> !route.pattern().equals("/"))
                                .map(OpenApiTest::operation)
                                .toList());
    }

    @Test
    void itSaysWhatEachRouteTakes() {
        for (Route route : rig.console.routes()) {
            JsonNode path = document.path("paths").path(route.pattern());
            if (path.isMissingNode()) {
                continue;
            }
            JsonNode operation = path.path(route.method().toLowerCase(Locale.ROOT));
            Set<String> query = new HashSet<>();
            for (JsonNode parameter : operation.path("parameters")) {
                query.add(parameter.path("name").asText());
            }
            assertThat(query).as(operation(route)).isEqualTo(route.query());
            assertThat(operation.has("requestBody"))
                    .as(operation(route))
                    .isEqualTo(route.contentType() != null);
            boolean open = route.access() == Route.Access.PUBLIC;
            assertThat(operation.has("security")).as(operation(route)).isEqualTo(open);
        }
    }

    @Test
    void whatItRefersToIsThere() {
        for (JsonNode reference : document.findValues("$ref")) {
            String pointer = reference.asText().substring(1);
            assertThat(document.at(pointer).isMissingNode()).as(pointer).isFalse();
        }
    }

    @Test
    void everyOperationStandsInTheGuide() throws Exception {
        String guide = Files.readString(Path.of("..", "docs", "http-api.md"));
        for (Route route : rig.console.routes()) {
            if (!document.path("paths").path(route.pattern()).isMissingNode()) {
                assertThat(guide).contains("`" + operation(route) + "`");
            }
        }
    }
}
