package io.pushgate.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The archive that the build has made, unpacked.
 *
 * @param home the folder of the launcher
 */
record Distribution(Path home) {
    private static final int PATIENCE_SECONDS = 60;

    /** What a program said, and its exit code. */
    record Ended(int code, String output) {}

    /** Unpacks it below the folder. */
    static Distribution unpack(Path folder) throws IOException, InterruptedException {
        List<Path> archives = Documents.files(Path.of("target"), "-dist.tar.gz");
        if (archives.size() != 1) {
            throw new IllegalStateException("one archive is expected in target: " + archives);
        }
        Ended tar =
                end(
                        new ProcessBuilder(
                                "tar",
                                "-xzf",
                                archives.getFirst().toAbsolutePath().toString(),
                                "-C",
                                folder.toString()));
        if (tar.code != 0) {
            throw new IOException(tar.output);
        }
        try (var unpacked = Files.list(folder)) {
            return new Distribution(unpacked.findFirst().orElseThrow());
        }
    }

    Path file(String name) {
        return home.resolve(name);
    }

    /** A program of the distribution, with no setting but these, on the Java of the tests. */
    ProcessBuilder command(Map<String, String> env, List<String> words) {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        Map<String, String> all = new HashMap<>(env);
        all.put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().keySet().removeIf(name -> name.startsWith("PUSHGATE_"));
        builder.environment().putAll(all);
        return builder;
    }

    /** Runs it to its end. */
    static Ended end(ProcessBuilder command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("deploy-test", ".out");
        try {
            Process process =
                    command.redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(
                        command.command() + " does not end: " + Files.readString(output, UTF_8));
            }
            return new Ended(process.exitValue(), Files.readString(output, UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
