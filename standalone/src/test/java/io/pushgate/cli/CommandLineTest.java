package io.pushgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;

/** Help, exit codes and words; what needs a gateway is tested in processes of their own. */
class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    static Stream<String> commands() {
        return Main.commandLine().getSubcommands().keySet().stream()
                .filter(name -> !name.equals("help"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandAnswersHelpWithAnExample(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: pushgate " + command, "Example", "./pushgate " + command);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void helpListsEveryCommand() {
        assertThat(run("help")).isZero();
        assertThat(commands()).allSatisfy(command -> assertThat(out.toString()).contains(command));
    }

    @Test
    void versionIsOneLine() {
        assertThat(run("version")).isZero();
        assertThat(out.toString()).startsWith("pushgate ").hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    ""                                              | which command?
                    sned                                            | Unmatched argument
                    token --app shop                                | Missing required option: '--device=DEVICE'
                    token --app sh/op --device d                    | --app takes 1 to 64 of
                    token --app shop --device d --expires soon      | 'soon' is no duration
                    listen --app shop --device d --count 0          | --count is 1 or more
                    send --app shop                                 | Missing required argument
                    send --app shop --device d --data {             | --data is no JSON
                    send --app shop --device d --id a/b             | id
                    standalone --port many                          | Invalid value for option '--port'
                    loadtest --connections many                     | Invalid value for option '--connections'
                    loadtest run --connections 5                    | Missing required argument
                    loadtest agent --listen nowhere                 | 'nowhere' is no HOST:PORT
                    loadtest peer --case nap --url ws://h           | Invalid value for option '--case'
                    """)
    void wrongUsageIsOneLineAndExitCodeTwo(String arguments, String words) {
        String[] split = arguments.isBlank() ? new String[0] : arguments.strip().split(" +", -1);
        assertThat(run(split)).isEqualTo(2);
        assertThat(err.toString()).startsWith("pushgate: ").contains(words).hasLineCount(2);
        assertThat(out.toString()).isEmpty();
    }
}
