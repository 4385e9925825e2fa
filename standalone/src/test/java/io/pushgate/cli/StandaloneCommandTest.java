package io.pushgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What someone does with {@code ./pushgate standalone} and a second terminal. */
class StandaloneCommandTest {
    private static final String READY = "Ctrl-C drains and stops";

    @TempDir Path temp = Path.of("");

    private Child run(String... arguments) throws IOException {
        return Child.start(temp, Map.of(), arguments);
    }

    private Child standalone(String... more) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add("standalone");
        for (String flag :
                List.of(
                        "--port",
                        "--console-port",
                        "--management-port",
                        "--kafka-port",
                        "--redis-port")) {
            if (!List.of(more).contains(flag)) {
                arguments.addAll(List.of(flag, "0"));
            }
        }
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private String send(String id, String json, String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "send",
                                "--app",
                                "shop",
                                "--device",
                                "pos-7",
                                "--id",
                                id,
                                "--data",
                                json));
        arguments.addAll(List.of(more));
        try (Child send = run(arguments.toArray(String[]::new))) {
            assertThat(send.exitCode()).as("%s", send.err()).isZero();
            assertThat(send.err()).isEmpty();
            return String.join("\n", send.out());
        }
    }

    private List<String> listenToOne() throws Exception {
        return listen(1);
    }

    private List<String> listen(int count) throws Exception {
        try (Child listen =
                run("listen", "--app", "shop", "--device", "pos-7", "--count", "" + count)) {
            assertThat(listen.exitCode()).as("%s", listen.err()).isZero();
            return listen.out();
        }
    }

    private static String id(String line) {
        return field("id\":\"([^\"]+)", line);
    }

    private static String field(String pattern, String line) {
        Matcher field = Pattern.compile("\"" + pattern).matcher(line);
        assertThat(field.find()).as(line).isTrue();
        return field.group(1);
    }

    private List<String> apikey(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("apikey"));
        all.addAll(List.of(arguments));
        try (Child command = run(all.toArray(String[]::new))) {
            assertThat(command.exitCode()).as("%s", command.err()).isZero();
            return command.out();
        }
    }

    private void apiKeysComeAndGo() throws Exception {
        String key = apikey("create", "--app", "shop").getFirst();
        assertThat(key).matches("pgk_[0-9a-f]{12}_[\\w-]{43}");
        String id = key.split("_", 3)[1];
        assertThat(apikey("list", "--app", "shop")).singleElement().asString().startsWith(id);
        assertThat(apikey("revoke", "--app", "shop", id)).isEmpty();
        assertThat(apikey("list", "--app", "shop")).isEmpty();
    }

    @Test
    void whatWasAcceptedSurvivesKillMinusNine() throws Exception {
        String data = temp.resolve("data").toString();
        Instant at;
        try (Child standalone = standalone("--data", data)) {
            standalone.awaitLine(READY);
            assertThat(send("order-1", "{\"n\":1}")).isEqualTo("order-1");
            assertThat(listenToOne())
                    .singleElement()
                    .asString()
                    .contains("\"id\":\"order-1\"")
                    .endsWith("\"data\":{\"n\":1}}");
            try (Child second = standalone("--data", data)) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.err())
                        .containsExactly(
                                "pushgate: the data folder "
                                        + data
                                        + " is in use by another pushgate standalone");
            }
            // Nobody listens any more, so both wait, however long the two commands take.
            at = Instant.now().plusSeconds(20).truncatedTo(ChronoUnit.MILLIS);
            assertThat(send("later", "3", "--deliver-at", at.toString())).isEqualTo("later");
            assertThat(send("order-2", "{\"n\":2}")).isEqualTo("order-2");
            standalone.kill();
        }
        try (Child standalone = standalone("--data", data)) {
            standalone.awaitLine(READY);
            List<String> lines = listen(2);
            assertThat(lines)
                    .extracting(StandaloneCommandTest::id)
                    .containsExactlyInAnyOrder("order-2", "later");
            String later =
                    lines.stream().filter(l -> l.contains("later")).findFirst().orElseThrow();
            assertThat(Long.parseLong(field("at\":(\\d+)", later)))
                    .isGreaterThanOrEqualTo(at.toEpochMilli());
            assertThat(standalone.terminate()).isZero();
            assertThat(standalone.err()).last().isEqualTo("stopped");
        }
        assertThat(temp.resolve("data/standalone.json")).doesNotExist();
    }

    @Test
    void withoutDataNothingIsLeftBehind() throws Exception {
        try (Child standalone = standalone()) {
            standalone.awaitLine(READY);
            Path folder = dataFolder(standalone);
            assertThat(folder).isDirectory();
            assertThat(standalone.out()).anyMatch(line -> line.contains("temporary"));
            try (Child token = run("token", "--app", "shop", "--device", "a", "--device", "b")) {
                assertThat(token.exitCode()).as("%s", token.err()).isZero();
                assertThat(token.out())
                        .hasSize(2)
                        .allMatch(line -> line.matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+"));
            }
            apiKeysComeAndGo();
            assertThat(standalone.terminate()).isZero();
            assertThat(folder).doesNotExist();
        }
    }

    private static Path dataFolder(Child standalone) {
        return standalone.out().stream()
                .map(String::strip)
                .filter(line -> line.startsWith("data "))
                .map(line -> Path.of(line.split("\\s+", -1)[1]))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTakenPortIsOneLineThatNamesTheFlag() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Child standalone =
                        standalone("--kafka-port", Integer.toString(taken.getLocalPort()))) {
            assertThat(standalone.exitCode()).isEqualTo(1);
            assertThat(standalone.err())
                    .containsExactly(
                            "pushgate: port "
                                    + taken.getLocalPort()
                                    + " is taken: choose another one with --kafka-port");
            assertThat(standalone.out()).isEmpty();
        }
    }

    @Test
    void aBadConfigurationIsListedWhole() throws Exception {
        Path file =
                Files.writeString(
                        temp.resolve("bad.yaml"),
                        """
                        access:
                          prot: 8080
                          window: many
                        drain:
                          deadline: soon
                        """);
        try (Child standalone = standalone("--config", file.toString())) {
            assertThat(standalone.exitCode()).isEqualTo(1);
            assertThat(standalone.err()).hasSize(4);
            assertThat(String.join("\n", standalone.err()))
                    .contains("access.prot", "access.port", "access.window", "drain.deadline")
                    .doesNotContain("\tat ");
        }
    }
}
