package io.pushgate.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class RunningStandaloneTest {
    @TempDir Path temp = Path.of("");

    private Map<String, String> env() {
        return Map.of("XDG_RUNTIME_DIR", temp.resolve("run").toString());
    }

    private RunningStandalone running(String data, long pid, long started) throws Exception {
        Path folder = Files.createDirectories(temp.resolve(data));
        return new RunningStandalone(
                pid,
                started,
                folder.toString(),
                "ws://a",
                "b:1",
                "redis://c",
                "http://d",
                "http://e");
    }

    private RunningStandalone ours(String data) throws Exception {
        return running(data, ProcessHandle.current().pid(), RunningStandalone.ownStart());
    }

    @Test
    void isFoundByItsFolderAndWithoutAnyHint() throws Exception {
        RunningStandalone running = ours("one");
        running.announce(env());
        assertThat(RunningStandalone.in(running.dataFolder())).contains(running);
        assertThat(RunningStandalone.latest(env())).contains(running);
        running.withdraw(env());
        assertThat(RunningStandalone.in(running.dataFolder())).isEmpty();
        assertThat(RunningStandalone.latest(env())).isEmpty();
    }

    @Test
    void theOneStartedLastIsFoundAndStaysWhenTheOtherGoes() throws Exception {
        RunningStandalone one = ours("one");
        RunningStandalone two = ours("two");
        one.announce(env());
        two.announce(env());
        one.withdraw(env());
        assertThat(RunningStandalone.latest(env())).contains(two);
    }

    @Test
    void whatAKilledOneLeftBehindIsNotBelieved() throws Exception {
        RunningStandalone reused =
                running(
                        "one",
                        ProcessHandle.current().pid(),
                        RunningStandalone.ownStart() - 60_000);
        reused.announce(env());
        assertThat(RunningStandalone.latest(env())).isEmpty();
    }

    @Test
    void damagedFilesAreIgnored() throws Exception {
        RunningStandalone running = ours("one");
        running.announce(env());
        Files.writeString(running.dataFolder().resolve("standalone.json"), "{\"pid\":");
        assertThat(RunningStandalone.in(running.dataFolder())).isEmpty();
    }
}
