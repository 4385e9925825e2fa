package io.pushgate.console.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds the route of a request. */
public final class Router {
    private final List<Route> routes;

    public Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** A route and what stands in its path's braces. */
    record Match(Route route, Map<String, String> parameters) {}

    public List<Route> routes() {
        return routes;
    }

    /**
     * @param path as it came, percent-encoded
     */
    Match find(String method, String path) throws Problem {
        List<String> segments = decoded(path);
        TreeSet<String> allowed = new TreeSet<>();
        // What a GET answers is there for a HEAD too.
        String wanted = method.equals("HEAD") ? "GET" : method;
        for (Route route : routes) {
            Map<String, String> parameters = route.match(segments);
            if (parameters != null) {
                if (route.method().equals(wanted)) {
                    return new Match(route, parameters);
                }
                allowed.add(route.method());
            }
        }
        if (allowed.isEmpty()) {
            throw new Problem(
                    ProblemType.NOT_FOUND, "no such path; GET /openapi.json lists those there are");
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        String list = String.join(", ", allowed);
        throw new Problem(ProblemType.METHOD_NOT_ALLOWED, "allowed here: " + list)
                .header("Allow", list);
    }

    private static List<String> decoded(String path) throws Problem {
        if (!path.startsWith("/")) {
            throw new Problem(ProblemType.NOT_FOUND, "the path must begin with /");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : Route.segments(path)) {
            try {
                // A plus stands for itself in a path.
                segments.add(
                        URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new Problem(
                        ProblemType.INVALID_REQUEST, "the path has a broken percent-encoding");
            }
        }
        return segments;
    }
}
