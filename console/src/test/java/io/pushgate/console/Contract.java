package io.pushgate.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.pushgate.console.api.Api;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Holds answers to what {@code openapi.json} says of them, as far as it uses JSON Schema: an answer
 * has everything that is required, nothing that is not described, and all of it of the right type.
 */
final class Contract {
    private final JsonNode document;

    private Contract(JsonNode document) {
        this.document = document;
    }

    static Contract load() throws Exception {
        try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
            return new Contract(new ObjectMapper().readTree(in));
        }
    }

    /** What is wrong with an answer; empty where nothing is, or the path is not described. */
    List<String> complaints(
            String method, String path, int status, String contentType, JsonNode answer) {
        JsonNode responses =
                pathOf(path.replaceAll("\\?.*", ""))
                        .path(method.toLowerCase(Locale.ROOT))
                        .path("responses");
        if (responses.isMissingNode()) {
            return List.of();
        }
        JsonNode response = responses.path(Integer.toString(status));
        JsonNode described =
                resolved(response.isMissingNode() ? responses.path("default") : response);
        JsonNode content = described.path("content").path(contentType);
        if (content.isMissingNode()) {
            return List.of(contentType + " is not described for " + status);
        }
        List<String> complaints = new ArrayList<>();
        check(content.path("schema"), answer, "", complaints);
        return complaints;
    }

    private JsonNode pathOf(String path) {
        for (Map.Entry<String, JsonNode> entry : document.path("paths").properties()) {
            if (path.equals(entry.getKey())) {
                return entry.getValue();
            }
        }
        for (Map.Entry<String, JsonNode> entry : document.path("paths").properties()) {
            if (path.matches(entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+"))) {
                return entry.getValue();
            }
        }
        return document.path("nothing");
    }

    private JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    private void check(JsonNode reference, JsonNode value, String at, List<String> complaints) {
        JsonNode schema = resolved(reference);
        if (schema.has("oneOf")) {
            checkOneOf(schema.path("oneOf"), value, at, complaints);
        }
        if (schema.has("type") && !isOf(schema.path("type").asText(), value)) {
            complaints.add(at + " is no " + schema.path("type").asText() + ": " + value);
            return;
        }
        if (schema.has("enum") && !contains(schema.path("enum"), value)) {
            complaints.add(at + " is none of " + schema.path("enum") + ": " + value);
        }
        if (schema.has("pattern")
                && !Pattern.compile(schema.path("pattern").asText())
                        .matcher(value.asText())
                        .find()) {
            complaints.add(at + " has not the pattern: " + value);
        }
        if (value.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
            complaints.add(at + " has too many items");
        }
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                check(schema.path("items"), value.path(i), at + "/" + i, complaints);
            }
        }
        if (value.isObject()) {
            checkMembers(schema, value, at, complaints);
        }
    }

    private void checkMembers(JsonNode schema, JsonNode value, String at, List<String> complaints) {
        for (JsonNode name : schema.path("required")) {
            if (!value.has(name.asText())) {
                complaints.add(at + " lacks " + name.asText());
            }
        }
        JsonNode others = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode described = schema.path("properties").path(member.getKey());
            String where = at + "/" + member.getKey();
            if (!described.isMissingNode()) {
                check(described, member.getValue(), where, complaints);
            } else if (others.isObject()) {
                check(others, member.getValue(), where, complaints);
            } else if (schema.has("properties") && !others.asBoolean()) {
                complaints.add(where + " is not described");
            }
        }
    }

    private void checkOneOf(JsonNode choices, JsonNode value, String at, List<String> complaints) {
        List<String> all = new ArrayList<>();
        int fitting = 0;
        for (JsonNode choice : choices) {
            List<String> own = new ArrayList<>();
            check(choice, value, at, own);
            fitting += own.isEmpty() ? 1 : 0;
            all.addAll(own);
        }
        if (fitting != 1) {
            complaints.add(at + " fits " + fitting + " of the choices: " + all);
        }
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (JsonNode one : values) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> throw new IllegalArgumentException("no type of JSON Schema: " + type);
        };
    }
}
