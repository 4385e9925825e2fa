package io.pushgate.standalone;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Where a running standalone is found: a small file in its data folder, and the same one in the
 * user's runtime folder, so that a second terminal needs no flags. Both go at exit; what a killed
 * process left behind is recognised by its process id and start.
 *
 * @param started of the process, epoch milliseconds
 * @param data the data folder, absolute
 * @param url for devices
 * @param kafka bootstrap servers
 * @param redis URI
 * @param management base URL
 * @param console base URL of the HTTP API and the page
 */
public record RunningStandalone(
        long pid,
        long started,
        String data,
        String url,
        String kafka,
        String redis,
        String management,
        String console) {

    private static final String FILE = "standalone.json";

    // Linux tells a start relative to the boot, whose own time moves when the clock is set.
    private static final long CLOCK_STEP_MILLIS = 2_000;
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** The start of this process as the operating system tells it, epoch milliseconds. */
    static long ownStart() {
        return startOf(ProcessHandle.current());
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    /** The one whose data folder this is, if it runs. */
    public static Optional<RunningStandalone> in(Path dataFolder) {
        return read(dataFolder.resolve(FILE));
    }

    /** The one that this user started last, if it runs. */
    public static Optional<RunningStandalone> latest(Map<String, String> env) {
        Path folder = runtimeFolder(env);
        return isOurs(folder) ? read(folder.resolve(FILE)) : Optional.empty();
    }

    public Path dataFolder() {
        return Path.of(data);
    }

    /** The key its tokens are signed with, where it uses the development one. */
    public Path developmentKey() {
        return dataFolder().resolve(SigningKeys.DEVELOPMENT_FILE);
    }

    /**
     * Writes both files.
     *
     * @throws IOException where the one in the data folder cannot be written; the pointer is a
     *     convenience and may be missing
     */
    void announce(Map<String, String> env) throws IOException {
        write(dataFolder().resolve(FILE));
        Path folder = runtimeFolder(env);
        try {
            Files.createDirectories(folder.getParent());
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        folder,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
            if (isOurs(folder)) {
                write(folder.resolve(FILE));
            }
        } catch (IOException e) {
            // Without the pointer the second terminal needs --data.
        }
    }

    /** Removes both files, the pointer only if no other standalone was started since. */
    void withdraw(Map<String, String> env) throws IOException {
        Files.deleteIfExists(dataFolder().resolve(FILE));
        Path pointer = runtimeFolder(env).resolve(FILE);
        if (isOurs(runtimeFolder(env)) && read(pointer).filter(this::equals).isPresent()) {
            Files.deleteIfExists(pointer);
        }
    }

    private void write(Path file) throws IOException {
        Path draft = file.resolveSibling(FILE + "." + pid);
        Files.write(draft, JSON.writeValueAsBytes(this));
        Files.move(
                draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Optional<RunningStandalone> read(Path file) {
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), RunningStandalone.class))
                    .filter(RunningStandalone::isAlive);
        } catch (JsonProcessingException e) {
            // Another version's, or damaged: as good as none.
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean isAlive() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> Math.abs(startOf(process) - started) < CLOCK_STEP_MILLIS)
                .isPresent();
    }

    private static Path runtimeFolder(Map<String, String> env) {
        String base = env.getOrDefault("XDG_RUNTIME_DIR", "");
        return Path.of(base.isBlank() ? "/tmp" : base)
                .resolve("pushgate-" + System.getProperty("user.name", "user"));
    }

    // The base may be /tmp: a folder that somebody else put there would send our tokens to them.
    private static boolean isOurs(Path folder) {
        try {
            return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
                            .getName()
                            .equals(System.getProperty("user.name"));
        } catch (IOException e) {
            return false;
        }
    }
}
