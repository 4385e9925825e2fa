package io.pushgate.cli;

import io.pushgate.embedded.EmbeddedException;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.config.ConfigException;
import io.pushgate.standalone.Errors;

import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintWriter;

/** Says what went wrong in lines for a person, and chooses the exit code. */
final class Failures {
    /** Set to 1, a failure shows its stack trace too. */
    static final String DEBUG = "PUSHGATE_DEBUG";

    private static final int INTERRUPTED = 130;

    private Failures() {}

    static int usage(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("pushgate: " + oneLine(failure));
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("See: ./" + command.getCommandSpec().qualifiedName(" ") + " --help");
        }
        err.flush();
        return ExitCode.USAGE;
    }

    static int execution(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        int code = ExitCode.SOFTWARE;
        switch (failure) {
            case ConfigException e -> {
                err.println("pushgate: the configuration cannot be used:");
                e.mistakes().forEach(mistake -> err.println("  " + mistake));
            }
            case CommandFailure e -> err.println("pushgate: " + oneLine(e));
            case StartupException e -> err.println("pushgate: " + oneLine(e));
            case EmbeddedException e -> err.println("pushgate: " + oneLine(e));
            case InterruptedException e -> {
                err.println("pushgate: interrupted");
                code = INTERRUPTED;
            }
            default ->
                    err.println(
                            "pushgate: "
                                    + oneLine(failure)
                                    + " ("
                                    + failure.getClass().getSimpleName()
                                    + "; "
                                    + DEBUG
                                    + "=1 shows where)");
        }
        if ("1".equals(System.getenv(DEBUG))) {
            failure.printStackTrace(err);
        }
        err.flush();
        return code;
    }

    private static String oneLine(Throwable failure) {
        return Errors.reason(failure).replaceAll("\\s*\\R\\s*", " ");
    }
}
