package io.pushgate.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.pushgate.deploy.Distribution.Ended;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TestRedis;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The archive, and what starts it: the launcher, the image, the systemd unit. */
class DistributionTest {
    private static final Path DOCKERFILE = Path.of("docker", "Dockerfile");
    private static final Path UNIT = Path.of("systemd", "pushgate@.service");
    private static final Pattern IN_IMAGE = Pattern.compile("\"?/opt/pushgate/([a-z]+)\"?");
    private static final Pattern MANAGEMENT =
            Pattern.compile("management on http://127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern MODULE = Pattern.compile("\\bjava\\.[a-z.]+|\\bjdk\\.[a-z.]+");

    @TempDir static Path temp = Path.of("");

    private static Distribution distribution = new Distribution(temp);

    @BeforeAll
    static void unpack() throws Exception {
        distribution = Distribution.unpack(temp);
    }

    @Test
    void runsWithoutASourceOrACompiler() throws Exception {
        Ended version = run(Map.of(), distribution.file("pushgate").toString(), "version");
        assertThat(version.output()).startsWith("pushgate ");
        assertThat(version.code()).isZero();
        assertThat(distribution.file("standalone")).doesNotExist();
    }

    @Test
    void anAccessServerStartsAnswersAndDrains() throws Exception {
        Path log = temp.resolve("access.log");
        Map<String, String> env =
                Map.of(
                        "PUSHGATE_REDIS_URI", TestRedis.shared().config().uri(),
                        "PUSHGATE_KAFKA_BOOTSTRAP_SERVERS", TestKafka.shared().bootstrapServers(),
                        "PUSHGATE_MANAGEMENT_PORT", "0",
                        "PUSHGATE_ACCESS_PORT", "0",
                        "PUSHGATE_DATA", temp.resolve("data").toString());
        Process server =
                distribution
                        .command(
                                env,
                                List.of(distribution.file("pushgate").toString(), "access-server"))
                        .redirectOutput(log.toFile())
                        .start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !server.isAlive() || Files.readString(log).contains(" is up: "));
            // The launcher has become the JVM, so that a container's process 1 gets SIGTERM.
            assertThat(server.info().command().orElse("")).endsWith("/bin/java");
            assertThat(healthcheck(log)).isZero();
            server.toHandle().destroy();
            assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            server.destroyForcibly();
        }
        assertThat(server.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).contains("access-server has drained");
        assertThat(healthcheck(log)).isEqualTo(1);
    }

    @Test
    void theImageIsMadeOfWhatTheArchiveHolds() throws IOException {
        String dockerfile = Files.readString(DOCKERFILE);
        List<String> programs =
                IN_IMAGE.matcher(dockerfile)
                        .results()
                        .map(match -> match.group(1))
                        .filter(name -> !name.equals("runtime")) // made there, by jlink
                        .distinct()
                        .toList();
        assertThat(programs).contains("pushgate", "healthcheck", "train");
        for (String program : programs) {
            assertThat(distribution.file(program)).isExecutable();
        }
        assertThat(dockerfile).containsPattern("(?m)^USER [1-9]\\d+:[1-9]\\d+$");
        assertThat(dockerfile).containsPattern("(?m)^ENTRYPOINT \\[");
        assertThat(dockerfile).contains("ARG BASE=", "FROM ${BASE}");
    }

    @Test
    void theImagesRuntimeIsMadeOfModulesThatThereAre() throws IOException {
        List<String> modules =
                MODULE.matcher(Files.readString(DOCKERFILE))
                        .results()
                        .map(MatchResult::group)
                        .toList();
        assertThat(modules).contains("java.base", "jdk.unsupported");
        for (String module : modules) {
            assertThat(ModuleFinder.ofSystem().find(module)).as(module).isPresent();
        }
    }

    @Test
    void theImagesVariablesAreSettings() throws Exception {
        Map<String, String> env =
                Pattern.compile("(PUSHGATE_[A-Z_]+)=(\\S+)")
                        .matcher(Files.readString(DOCKERFILE))
                        .results()
                        .collect(
                                Collectors.toMap(match -> match.group(1), match -> match.group(2)));
        assertThat(Settings.load(null, env).management().host()).isEqualTo("0.0.0.0");
    }

    @Test
    void theUnitStartsTheArchivesLauncherAndLeavesTimeForADrain() throws Exception {
        String unit = Files.readString(UNIT);
        assertThat(unit).contains("ExecStart=/opt/pushgate/pushgate %i --config ");
        Matcher stop = Pattern.compile("(?m)^TimeoutStopSec=(\\d+)s$").matcher(unit);
        assertThat(stop.find()).isTrue();
        assertThat(Duration.ofSeconds(Long.parseLong(stop.group(1))))
                .isGreaterThan(Settings.load(null, Map.of()).drain().deadline());
    }

    @Test
    void systemdTakesTheUnit() throws Exception {
        assumeThat(Path.of("/usr/bin/systemd-analyze"))
                .as("systemd-analyze, without which nothing here reads the unit")
                .exists();
        Path unit = temp.resolve("pushgate@access-server.service");
        Files.writeString(
                unit,
                Files.readString(UNIT)
                        .replace("/opt/pushgate/pushgate", distribution.file("pushgate").toString())
                        // Its user is made by who installs it.
                        .replace("=pushgate\n", "=root\n"));
        Ended verify = run(Map.of(), "systemd-analyze", "verify", "--man=no", unit.toString());
        assertThat(verify.output()).doesNotContain(unit.getFileName().toString());
    }

    @Test
    void everyKernelSettingIsExplainedAndExists() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("systemd", "90-pushgate.conf"));
        boolean explained = false;
        for (String line : lines) {
            if (line.isBlank()) {
                explained = false;
            } else if (line.startsWith("#")) {
                explained = true;
            } else {
                assertThat(explained).as("a comment above %s", line).isTrue();
                assertThat(line).matches("-?[a-z0-9_.-]+ = [0-9 ]+");
                String key = line.substring(0, line.indexOf(' '));
                if (!key.startsWith("-") && Files.exists(Path.of("/proc/sys/net/ipv4"))) {
                    assertThat(Path.of("/proc/sys", key.split("\\."))).exists();
                }
            }
        }
    }

    private static Ended run(Map<String, String> env, String... words) throws Exception {
        return Distribution.end(distribution.command(env, List.of(words)));
    }

    /** Its exit code, asked at the port that the log names. */
    private static int healthcheck(Path log) throws Exception {
        Matcher port = MANAGEMENT.matcher(Files.readString(log));
        assertThat(port.find()).isTrue();
        return run(
                        Map.of("PUSHGATE_MANAGEMENT_PORT", port.group(1)),
                        distribution.file("healthcheck").toString())
                .code();
    }
}
