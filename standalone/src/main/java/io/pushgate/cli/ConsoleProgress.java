package io.pushgate.cli;

import io.pushgate.standalone.Progress;

import java.io.PrintWriter;

/** Shows progress on stderr: one line that is rewritten on a terminal, plain lines elsewhere. */
final class ConsoleProgress implements Progress {
    // Set by ./pushgate: Java can tell only whether input and output are both a terminal.
    private static final String TERMINAL_PROPERTY = "pushgate.terminal";
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;

    ConsoleProgress(PrintWriter err) {
        this.err = err;
        this.terminal = Boolean.getBoolean(TERMINAL_PROPERTY);
    }

    @Override
    public synchronized void step(String step) {
        if (terminal) {
            err.print(CLEAR + "starting: " + step);
        } else {
            err.println("starting: " + step);
        }
        err.flush();
    }

    /** Leaves a clean line for what comes next. */
    synchronized void done() {
        if (terminal) {
            err.print(CLEAR);
            err.flush();
        }
    }
}
