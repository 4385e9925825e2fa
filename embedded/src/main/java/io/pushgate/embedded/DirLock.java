package io.pushgate.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Holds a data folder for one owner; the system lets go when this JVM is gone, however it ends.
 *
 * <p>Kafka has a lock of its own, but takes it only after its controller has begun to write.
 */
final class DirLock implements AutoCloseable {
    private final FileChannel channel;

    private DirLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws EmbeddedException if somebody holds it
     */
    static DirLock take(Path dir) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        dir.resolve(".pushgate-lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        if (!locked(channel)) {
            channel.close();
            throw new EmbeddedException("the data folder " + dir + " is in use by another Kafka");
        }
        return new DirLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisJvm) {
            return false;
        }
    }
}
