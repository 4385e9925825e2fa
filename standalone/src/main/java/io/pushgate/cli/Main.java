package io.pushgate.cli;

import io.pushgate.standalone.RoleKind;

import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** The entry of every command; prints, exits, and leaves the work to the commands. */
@Command(
        name = "pushgate",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        header = "A self-hosted push gateway over WebSocket, Kafka and Redis.",
        synopsisHeading = "%nUsage: ",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        subcommands = {
            StandaloneCommand.class,
            TokenCommand.class,
            ApiKeyCommand.class,
            SendCommand.class,
            ListenCommand.class,
            DictionaryCommand.class,
            LoadTestCommand.class,
            FaultsCommand.class,
            VersionCommand.class,
            HelpCommand.class
        },
        footerHeading = "%nStart here:%n",
        footer = {
            "  ./pushgate standalone             everything in one process",
            "  ./pushgate help COMMAND           what a command takes, with examples",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted."
        })
public final class Main implements Callable<Integer> {
    private static final int WIDTH = 100;

    @Spec private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        Logging.configure(args);
        int code = ExitCode.SOFTWARE;
        try {
            code = commandLine().execute(args);
        } catch (Error e) {
            // Such as a missing class; threads that were started already would keep the JVM up.
            LoggerFactory.getLogger(Main.class).error("pushgate broke down", e);
        }
        System.out.flush();
        System.exit(code);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        for (RoleKind kind : RoleKind.values()) {
            line.addSubcommand(kind.command(), RoleCommand.spec(kind));
        }
        line.setUsageHelpWidth(WIDTH);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Failures::usage);
        line.setExecutionExceptionHandler(Failures::execution);
        return line;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
