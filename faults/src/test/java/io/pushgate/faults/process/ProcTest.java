package io.pushgate.faults.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class ProcTest {
    @TempDir private Path dir = Path.of(".");

    @Test
    void writesItsLogAndKnowsItsEnvironment() throws IOException {
        try (Proc proc = start(Map.of("GREETING", "hello"), "echo $GREETING; exit 3")) {
            assertThat(proc.await(Duration.ofSeconds(10))).isTrue();
            assertThat(proc.exitCode()).isEqualTo(3);
            assertThat(log()).isEqualTo("hello\n");
        }
    }

    @Test
    void canBeAskedToEnd() {
        try (Proc proc =
                start(Map.of(), "trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done")) {
            await().until(() -> log().contains("up"));
            proc.term();
            assertThat(proc.await(Duration.ofSeconds(10))).isTrue();
            assertThat(proc.exitCode()).isZero();
        }
    }

    @Test
    void canBeFrozenAndLetGoAndKilledWhileFrozen() {
        try (Proc proc = start(Map.of(), "while :; do echo tick; sleep 0.02; done")) {
            await().until(() -> log().contains("tick"));
            proc.stop();
            await().until(() -> state(proc).equals("T"));
            proc.cont();
            await().until(() -> !state(proc).equals("T"));
            proc.stop();
            proc.kill9();
            assertThat(proc.isAlive()).isFalse();
            assertThat(proc.exitCode()).isEqualTo(128 + 9);
        }
    }

    @Test
    void itsWatcherGoesWithIt() {
        try (Proc proc = start(Map.of(), "exit 0")) {
            assertThat(proc.await(Duration.ofSeconds(10))).isTrue();
            await().until(() -> ProcessHandle.current().children().noneMatch(ProcTest::isWatcher));
        }
    }

    @Test
    void diesWithItsParent() throws IOException, InterruptedException {
        Path pid = dir.resolve("pid");
        // The parent is a JVM that starts a child and is killed at once.
        List<String> command =
                Jvm.command(64, false, ParentOfOne.class.getName(), List.of(pid.toString()));
        Process parent =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(dir.resolve("parent.log").toFile())
                        .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(pid));
        long child = Long.parseLong(Files.readString(pid).strip());
        ProcessHandle handle = ProcessHandle.of(child).orElseThrow();
        parent.destroyForcibly();
        await().atMost(Duration.ofSeconds(10)).until(() -> !handle.isAlive());
        assertThat(parent.waitFor()).isNotZero();
    }

    private static boolean isWatcher(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("read -r _");
    }

    private static String state(Proc proc) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(proc.pid()), "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", 2)[0];
    }

    private Proc start(Map<String, String> env, String script) {
        return Proc.start("test", List.of("/bin/sh", "-c", script), env, dir.resolve("log"));
    }

    private String log() throws IOException {
        return Files.readString(dir.resolve("log"));
    }
}
