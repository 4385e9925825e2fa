package io.pushgate.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * The {@code redis-server} that the jar of {@code org.signal:embedded-redis} carries, as an
 * executable file.
 */
final class RedisBinary {
    static final String VERSION = "7.0.15";

    private RedisBinary() {}

    /**
     * The executable for this machine, unpacked into the user's cache folder at the first call
     * ever.
     */
    static synchronized Path path() {
        String name = "redis-server-" + VERSION + "-" + os() + "-" + arch();
        try (InputStream in = RedisBinary.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new EmbeddedException(
                        "no embedded Redis for this machine ("
                                + name
                                + "); use an own one by redis.uri");
            }
            byte[] bytes = in.readAllBytes();
            Path file = cacheDir().resolve(name);
            if (!Files.isExecutable(file) || Files.size(file) != bytes.length) {
                unpack(bytes, file);
            }
            return file;
        } catch (IOException e) {
            throw new EmbeddedException("can't unpack the embedded Redis: " + e.getMessage(), e);
        }
    }

    private static void unpack(byte[] bytes, Path file) throws IOException {
        Path half = Files.createTempFile(file.getParent(), "redis-server", ".part");
        try {
            Files.write(half, bytes);
            Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwx------"));
            // In one step: another JVM may be at the same point.
            Files.move(
                    half,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(half);
        }
    }

    /** Below the home folder, since /tmp may be mounted noexec and belongs to everybody. */
    private static Path cacheDir() throws IOException {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path cache =
                xdg == null || xdg.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(xdg);
        try {
            return Files.createDirectories(cache.resolve("pushgate"));
        } catch (IOException readOnlyHome) {
            return TempDirs.create("pushgate-bin");
        }
    }

    private static String os() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return os.contains("mac")
                ? "darwin"
                : os.contains("linux") ? "linux" : os.replace(' ', '-');
    }

    private static String arch() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case "x86", "i386", "i686" -> "386";
            case String other -> other;
        };
    }
}
