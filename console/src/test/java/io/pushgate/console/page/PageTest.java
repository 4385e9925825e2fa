package io.pushgate.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.console.Rig;
import io.pushgate.console.Rig.Reply;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

class PageTest {
    private static final Pattern REFERENCE =
            Pattern.compile("(?:src|href)=\"([^\"#]+)\"|from \"([^\"]+)\"");

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static Reply open(String path) throws Exception {
        return rig.send("GET", path, null, null, "");
    }

    /** Everything that the page asks for is there, and from here. */
    @Test
    void itIsComplete() throws Exception {
        Deque<String> open = new ArrayDeque<>(Set.of("/"));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String path = open.pop();
            if (!seen.add(path)) {
                continue;
            }
            Reply reply = open(path);
            assertThat(reply.status()).as(path).isEqualTo(200);
            assertThat(reply.header("Content-Security-Policy"))
                    .contains("default-src 'none'")
                    .doesNotContain("unsafe")
                    .doesNotContain("http");
            if (!path.equals("/page/chart.js")) {
                REFERENCE
                        .matcher(new String(reply.http().body(), UTF_8))
                        .results()
                        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                        .map(name -> name.startsWith("./") ? "/page/" + name.substring(2) : name)
                        .forEach(open::push);
            }
        }
        assertThat(seen).allMatch(path -> path.startsWith("/"));
        assertThat(seen).contains("/page/app.js", "/page/timeline.js", "/page/chart.js");
    }

    @Test
    void anUnchangedFileIsNotSentAgain() throws Exception {
        String tag = open("/page/app.js").header("ETag");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> again =
                    client.send(
                            HttpRequest.newBuilder(rig.uri("/page/app.js"))
                                    .header("If-None-Match", tag)
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }

    @Test
    void nothingElseOfTheJarIsServed() throws Exception {
        assertThat(open("/page/Page.class").problem()).isEqualTo("not-found");
        assertThat(open("/page/..%2f..%2fapi%2fopenapi.json").status()).isEqualTo(400);
    }
}
