package io.pushgate.console.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** {@code docs/http-api.md} describes each problem, and none that is not there. */
class ProblemsDocTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z-]+)` \\| ([0-9]{3})", Pattern.MULTILINE);

    private static String doc() throws IOException {
        return Files.readString(Path.of("..", "docs", "http-api.md"));
    }

    @ParameterizedTest
    @EnumSource
    void isDescribed(ProblemType type) throws IOException {
        assertThat(doc()).contains("\n| `" + type.slug() + "` | " + type.status());
    }

    @Test
    void nothingElseIs() throws IOException {
        List<String> known = Arrays.stream(ProblemType.values()).map(ProblemType::slug).toList();
        assertThat(ROW.matcher(doc()).results().map(row -> row.group(1)))
                .isNotEmpty()
                .allMatch(known::contains);
    }
}
