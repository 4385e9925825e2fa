package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.testkit.TestRedis;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Running out of file descriptors: once it killed an event loop for good. In a process of its own,
 * as this one has more to do with its descriptors.
 */
class DescriptorsTest {
    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll"})
    void acceptsAgainOnceThereAreDescriptors(String transport) throws Exception {
        Process process =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "ulimit -n 400 && exec \"$@\"",
                                "sh",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                DescriptorsProbe.class.getName(),
                                transport,
                                TestRedis.shared().uri())
                        .redirectErrorStream(true)
                        .start();
        try {
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
