package io.pushgate.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Each line that is logged at warn or error says in the operations guide what to do. */
class LogLinesDocTest {
    private static final Path ROOT = Path.of("..");

    /** Modules that log for developers only. */
    private static final List<String> NOT_OPERATED = List.of("faults", "loadtest", "testkit");

    /** A call with the literals that its text is made of. */
    private static final Pattern CALL =
            Pattern.compile(
                    "\\b(?:log|LOG)\\s*\\.(?:warn|error)\\(\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"[\\s+]*)+)");

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /** A text that is made elsewhere; these are documented, and found by no program. */
    private static final String MADE_ELSEWHERE = "…";

    private static List<String> logged = List.of();
    private static List<String> documented = List.of();

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            logged =
                    files.filter(LogLinesDocTest::isOperated)
                            .flatMap(LogLinesDocTest::loggedBy)
                            .filter(text -> !text.equals(MADE_ELSEWHERE))
                            .distinct()
                            .toList();
        }
        String guide = Files.readString(ROOT.resolve("docs/operations.md"));
        String section =
                guide.substring(
                        guide.indexOf("\n## Log lines at warn and error"),
                        guide.indexOf("\n## Meters"));
        documented =
                section.lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(0, line.indexOf(" | ", 2)))
                        .flatMap(cell -> groups(CODE, cell).stream())
                        .map(LogLinesDocTest::withoutEnd)
                        .toList();
    }

    private static boolean isOperated(Path file) {
        String path = ROOT.relativize(file).toString();
        return path.contains("src/main/java")
                && path.endsWith(".java")
                && NOT_OPERATED.stream().noneMatch(module -> path.startsWith(module + "/"));
    }

    private static Stream<String> loggedBy(Path file) {
        try {
            return groups(CALL, Files.readString(file)).stream()
                    .map(literals -> String.join("", groups(LITERAL, literals)))
                    .map(text -> text.replace("{}", "…"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Without what differs at the end. */
    private static String withoutEnd(String text) {
        return text.replaceAll("[:\\s…]+$", "");
    }

    @Test
    void everyLineIsInTheGuide() {
        assertThat(logged).hasSizeGreaterThan(30);
        assertThat(logged)
                .allSatisfy(
                        text ->
                                assertThat(documented)
                                        .as("docs/operations.md, log lines at warn and error")
                                        .anyMatch(text::startsWith));
    }
}
