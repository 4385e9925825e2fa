package io.pushgate.loadtest;

import io.pushgate.loadtest.machine.Pacer;

import java.io.PrintStream;
import java.util.function.Supplier;

/** Prints a line each second, on a thread of its own, until it is closed. */
public final class Progress implements AutoCloseable {
    private static final long SECOND = 1_000_000_000L;

    private final PrintStream out;
    private final Thread thread;
    private volatile Supplier<String> line = () -> "";

    public Progress(PrintStream out) {
        this.out = out;
        this.thread = Thread.ofPlatform().name("load-progress").daemon().start(this::run);
    }

    /** What to print from now on; the empty line is not printed. */
    public void show(Supplier<String> newLine) {
        line = newLine;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        long next = System.nanoTime() + SECOND;
        try {
            while (true) {
                Pacer.awaitTime(next);
                next += SECOND;
                String text = line.get();
                if (!text.isEmpty()) {
                    out.println(text);
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            // That is how it is closed.
            return;
        }
    }
}
