package io.pushgate.testkit;

import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Node of this machine, for the tests of what runs in one. */
public final class NodeJs {
    /** The oldest that the client supports. */
    public static final int MIN_MAJOR = 20;

    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*");
    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(5);

    private static final Logger log = LoggerFactory.getLogger(NodeJs.class);

    private NodeJs() {}

    /**
     * Skips the test, and says so aloud, where there is no Node that is new enough, with its npm.
     */
    public static void assumeFound() throws InterruptedException {
        String missing = missing();
        if (!missing.isEmpty()) {
            log.warn("SKIPPED, there is {}: what runs in Node isn't tested", missing);
            Assumptions.abort(missing);
        }
    }

    /**
     * Installs what the folder's package-lock.json names, unless that is what is there. Tests of
     * several classes may call it at once.
     *
     * @throws AssertionError if npm fails, with what it said
     */
    public static synchronized void install(Path folder) throws IOException, InterruptedException {
        Path lock = folder.resolve("package-lock.json");
        Path installed = folder.resolve("node_modules").resolve(".installed-package-lock.json");
        if (Files.exists(installed) && Files.mismatch(lock, installed) == -1) {
            return;
        }
        long began = System.nanoTime();
        run(
                folder,
                INSTALL_TIMEOUT,
                "npm",
                "ci",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--prefer-offline");
        Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
        log.info("npm ci in {} took {} s", folder, seconds);
    }

    /**
     * Runs a command to its end.
     *
     * @return what it wrote to stdout and stderr
     * @throws AssertionError if it fails or takes too long, with what it wrote
     */
    public static String run(Path folder, Duration timeout, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("pushgate-node", ".out");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                kill(process);
            }
            String text = Files.readString(output);
            if (!ended || process.exitValue() != 0) {
                String how = ended ? "failed" : "did not end within " + timeout;
                throw new AssertionError(String.join(" ", command) + " " + how + ":\n" + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }

    /** Ends a process and all that it started, as {@code kill -9}. */
    public static void kill(Process process) throws InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly().waitFor();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** Empty where all is there. */
    private static String missing() throws InterruptedException {
        try {
            Path here = Path.of("").toAbsolutePath();
            String version = run(here, Duration.ofSeconds(30), "node", "--version").strip();
            Matcher matcher = VERSION.matcher(version);
            if (!matcher.matches() || Integer.parseInt(matcher.group(1)) < MIN_MAJOR) {
                return "no Node " + MIN_MAJOR + " or newer, but " + version;
            }
            run(here, Duration.ofSeconds(30), "npm", "--version");
            return "";
        } catch (IOException e) {
            return "no Node " + MIN_MAJOR + " or newer with an npm on PATH";
        }
    }
}
