package io.pushgate.client.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.testkit.NodeJs;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code npm test}: the types by tsc, the rest by node:test. */
class NpmTest {
    private static final Pattern PASSED = Pattern.compile("(?m)^# pass (\\d+)$");
    private static final Pattern SIZE = Pattern.compile("(?m)^# (\\d+ files, \\d+ bytes gzipped)$");

    @Test
    void theTestsOfThePackagePass() throws Exception {
        NodeJs.assumeFound();
        Path folder = Path.of("").toAbsolutePath();
        NodeJs.install(folder);
        String output = NodeJs.run(folder, Duration.ofMinutes(2), "npm", "test");
        Matcher passed = PASSED.matcher(output);
        Matcher size = SIZE.matcher(output);
        assertThat(passed.find()).as(output).isTrue();
        assertThat(size.find()).as(output).isTrue();
        assertThat(Integer.parseInt(passed.group(1))).isGreaterThan(50);
        System.out.println(
                "npm test: tsc and " + passed.group(1) + " tests pass; " + size.group(1));
    }
}
