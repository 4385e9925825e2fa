package io.pushgate.faults.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Short commands of the operating system that scenarios change the machine with. */
final class Tool {
    private Tool() {}

    /**
     * Runs one to its end.
     *
     * @param input for its standard input
     * @throws IllegalStateException where it failed; with what it said
     */
    static void run(String input, List<String> command) {
        String words = String.join(" ", command);
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(words + " failed: " + said.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(words + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during " + words, e);
        }
    }

    static void run(String... command) {
        run("", List.of(command));
    }
}
