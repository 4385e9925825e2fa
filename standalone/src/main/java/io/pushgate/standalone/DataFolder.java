package io.pushgate.standalone;

import io.pushgate.runtime.StartupException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The folder of one standalone, held under a lock that the operating system frees when the process
 * ends, however it ends.
 */
public final class DataFolder implements AutoCloseable {
    private final Path path;
    private final boolean temporary;
    private final FileChannel channel;

    private DataFolder(Path path, boolean temporary, FileChannel channel) {
        this.path = path;
        this.temporary = temporary;
        this.channel = channel;
    }

    /**
     * Takes the folder, and makes it where it is missing.
     *
     * @param wanted null for a temporary one that {@link #close} deletes
     * @throws StartupException where it cannot be written or another standalone has it
     */
    public static DataFolder open(@Nullable Path wanted) throws StartupException {
        Path path = wanted;
        try {
            if (path == null) {
                path = Files.createTempDirectory("pushgate-");
            } else {
                path = Files.createDirectories(path.toAbsolutePath().normalize());
            }
            return new DataFolder(path, wanted == null, lock(path));
        } catch (IOException e) {
            throw new StartupException(
                    "the data folder "
                            + (path == null ? System.getProperty("java.io.tmpdir") : path)
                            + " cannot be used: "
                            + Errors.reason(e),
                    e);
        }
    }

    private static FileChannel lock(Path path) throws IOException, StartupException {
        FileChannel channel =
                FileChannel.open(
                        path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held within this JVM: the same answer as when another process holds it.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new StartupException(
                    "the data folder " + path + " is in use by another pushgate standalone");
        }
        return channel;
    }

    public Path path() {
        return path;
    }

    /** Whether the folder goes when it is closed. */
    public boolean isTemporary() {
        return temporary;
    }

    /** Gives the folder back, and deletes it where it is temporary. */
    @Override
    public void close() throws IOException {
        if (temporary) {
            deleteTree(path);
        }
        channel.close();
    }

    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e)
                            throws IOException {
                        // Kafka's log cleaner may delete in the same moment.
                        if (e instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
                            throws IOException {
                        if (e != null) {
                            throw e;
                        }
                        Files.deleteIfExists(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
