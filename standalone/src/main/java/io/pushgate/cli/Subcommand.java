package io.pushgate.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** What every command has: its help, and somewhere to print to. */
abstract class Subcommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    boolean helpAsked;

    @Spec CommandSpec spec = CommandSpec.create();

    /** What the command is asked for. */
    void print(String line) {
        PrintWriter out = out();
        out.println(line);
        out.flush();
    }

    /** What a person should know besides. */
    void say(String line) {
        PrintWriter err = err();
        err.println(line);
        err.flush();
    }

    PrintWriter out() {
        return line().getOut();
    }

    PrintWriter err() {
        return line().getErr();
    }

    CommandLine line() {
        return spec.commandLine();
    }

    ParameterException wrongUsage(String reason) {
        return new ParameterException(line(), reason);
    }

    ParameterException wrongUsage(String reason, Throwable cause) {
        return new ParameterException(line(), reason, cause);
    }
}
