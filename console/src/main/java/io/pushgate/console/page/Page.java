package io.pushgate.console.page;

import io.pushgate.console.http.Answer;
import io.pushgate.console.http.Call;
import io.pushgate.console.http.Problem;
import io.pushgate.console.http.ProblemType;
import io.pushgate.console.http.Route;
import io.pushgate.console.http.Route.Access;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Serves the page: a fixed list of files, read once, held in memory. Nothing of it comes from
 * another host, and the browser is told to see to that.
 */
public final class Page {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";
    private static final String CHARTS =
            "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final List<String> MODULES =
            List.of(
                    "api.js",
                    "app.js",
                    "charts.js",
                    "device.js",
                    "dom.js",
                    "message.js",
                    "nodes.js",
                    "overview.js",
                    "push.js",
                    "timeline.js");

    private final Map<String, Answer> files = new HashMap<>();
    private final Answer index;

    /** Reads every file; fails where the jar lacks one. */
    public Page() {
        this.index = file("index.html", "text/html; charset=utf-8");
        files.put("app.css", file("app.css", "text/css; charset=utf-8"));
        files.put("icon.svg", file("icon.svg", "image/svg+xml"));
        files.put("chart.js", file(CHARTS, SCRIPT));
        for (String module : MODULES) {
            files.put(module, file(module, SCRIPT));
        }
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/", Access.PUBLIC, call -> served(index, call)),
                Route.of("GET", "/page/{file}", Access.PUBLIC, this::get));
    }

    private Answer get(Call call) throws Problem {
        Answer file = files.get(call.parameters().get("file"));
        if (file == null) {
            throw new Problem(ProblemType.NOT_FOUND, "the page has no such file");
        }
        return served(file, call);
    }

    /**
     * Browsers ask each time whether theirs is still the right one: a new version is seen at once.
     */
    private static Answer served(Answer file, Call call) {
        String known = call.header().apply("If-None-Match");
        return known != null && known.equals(file.headers().get("ETag"))
                ? new Answer(304, new byte[0], file.headers())
                : file;
    }

    private static Answer file(String name, String contentType) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            byte[] body = in.readAllBytes();
            return new Answer(
                    200,
                    body,
                    Map.of(
                            "Content-Type",
                            contentType,
                            "Content-Security-Policy",
                            POLICY,
                            "Cross-Origin-Resource-Policy",
                            "same-origin",
                            "Cross-Origin-Opener-Policy",
                            "same-origin",
                            "Cache-Control",
                            "no-cache",
                            "ETag",
                            '"' + digest(body) + '"'));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from the jar", e);
        }
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(body), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
