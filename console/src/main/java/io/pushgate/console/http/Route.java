package io.pushgate.console.http;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One method of one path.
 *
 * @param pattern such as {@code /v1/devices/{app}/{device}}
 * @param access who may
 * @param query the query parameters it knows; any other is refused
 * @param contentType of the body it takes, null if it takes none
 */
public record Route(
        String method,
        String pattern,
        Access access,
        Set<String> query,
        @Nullable String contentType,
        Handler handler) {
    /** Who may use a route. */
    public enum Access {
        /** Everybody. */
        PUBLIC,
        /** Who has an API key; where the path names an app, one for it. */
        KEY,
        /** Who has an administrator's key. */
        ADMIN
    }

    /** What a route does; on a virtual thread of its own, so it may block. */
    @FunctionalInterface
    public interface Handler {
        Answer handle(Call call) throws Problem, InterruptedException;
    }

    /** A route without a body. */
    public static Route of(
            String method, String pattern, Access access, Handler handler, String... query) {
        return new Route(method, pattern, access, Set.of(query), null, handler);
    }

    /** The parameters of the path, decoded; null where it is another path. */
    @Nullable Map<String, String> match(List<String> path) {
        List<String> parts = segments(pattern);
        if (parts.size() != path.size()) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (part.startsWith("{")) {
                values.put(part.substring(1, part.length() - 1), path.get(i));
            } else if (!part.equals(path.get(i))) {
                return null;
            }
        }
        return values;
    }

    static List<String> segments(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }
}
