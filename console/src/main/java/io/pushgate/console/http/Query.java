package io.pushgate.console.http;

import org.jspecify.annotations.Nullable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the query of a URL, strictly. */
final class Query {
    private static final int MAX_PARAMETERS = 64;

    private Query() {}

    /**
     * @param raw percent-encoded, null where there is none
     * @param known any other name is refused
     */
    static Map<String, List<String>> parse(@Nullable String raw, Set<String> known) throws Problem {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (raw == null || raw.isEmpty()) {
            return values;
        }
        String[] pairs = raw.split("&", MAX_PARAMETERS + 1);
        if (pairs.length > MAX_PARAMETERS) {
            throw new Problem(
                    ProblemType.INVALID_REQUEST,
                    "the query may have %d parameters".formatted(MAX_PARAMETERS));
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (!known.contains(name)) {
                throw new Problem(
                        ProblemType.INVALID_REQUEST,
                        known.isEmpty()
                                ? "no query parameters are known here"
                                : "unknown query parameter; known here: "
                                        + String.join(", ", known.stream().sorted().toList()));
            }
            values.computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return values;
    }

    private static String decode(String text) throws Problem {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    ProblemType.INVALID_REQUEST, "the query has a broken percent-encoding");
        }
    }
}
