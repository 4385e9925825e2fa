package io.pushgate.loadtest.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.List;

class ProcessesTest {
    @Test
    void readsTicksAndMemory() throws Exception {
        String stat =
                "42 (ja) va) S 1 2 3 0 -1 4 5 6 7 8 250 50 0 0 20 0 9 0 1 999 1000 18446744073709551615 1 1";
        assertThat(Processes.parse(stat)).isEqualTo(new ProcessUsage(3_000_000, 1_000 * 4096L, 1));
        assertThatThrownBy(() -> Processes.parse("42 (java) S 1 2"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Processes.parse("")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /opt/jdk/bin/java -Xmx1g -jar /x/standalone/target/pushgate.jar purger --data d | purger
                    java -cp /a:/b io.pushgate.cli.Main access-server                               | access-server
                    /opt/jdk/bin/java -jar /x/pushgate.jar standalone                               | standalone
                    /tmp/redis-server-7.0.15-linux *:6379                                           | redis
                    java -cp /x kafka.Kafka server.properties                                       | kafka
                    java -cp /x/pushgate.jar io.pushgate.cli.Main loadtest agent                    |
                    /opt/jdk/bin/java -jar /x/pushgate.jar loadtest run                             |
                    grep io.pushgate.cli.Main purger                                                |
                    java                                                                            |
                    """)
    void knowsProcessesByTheirCommandLines(String command, String name) {
        assertThat(Processes.nameOf(List.of(command.split(" ", -1))).orElse(null)).isEqualTo(name);
    }

    @Test
    void sumsProcessesOfOneName() {
        long pid = ProcessHandle.current().pid();
        Processes processes =
                new Processes(
                        List.of(
                                new Processes.Watched("a", pid),
                                new Processes.Watched("a", pid),
                                new Processes.Watched("gone", -1)));
        assertThat(processes.usage().get("a"))
                .satisfies(
                        usage -> {
                            assertThat(usage.processes()).isEqualTo(2);
                            assertThat(usage.cpuMicros()).isPositive();
                            assertThat(usage.rssBytes()).isGreaterThan(20_000_000);
                        });
        assertThat(processes.usage().get("gone")).isEqualTo(ProcessUsage.NONE);
    }
}
