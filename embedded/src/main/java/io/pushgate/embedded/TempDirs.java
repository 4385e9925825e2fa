package io.pushgate.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Temporary folders. No shutdown hook here: servers have to stop before their folder goes, and
 * their owner knows when.
 */
final class TempDirs {
    private TempDirs() {}

    /** A new folder that its creator {@linkplain #delete deletes}. */
    static Path create(String prefix) {
        try {
            return Files.createTempDirectory(prefix + "-");
        } catch (IOException e) {
            throw new EmbeddedException("can't create a temporary folder: " + e.getMessage(), e);
        }
    }

    /** Deletes a folder with all in it; what can't be deleted stays. */
    static void delete(Path dir) {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException ignored) {
            // A temporary folder: the system clears it up in its time.
        }
    }

    /** The last lines of a log file, for an error message; empty if it can't be read. */
    static List<String> tail(Path log, int lines) {
        try {
            List<String> all = Files.readAllLines(log);
            return all.subList(Math.max(0, all.size() - lines), all.size());
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
