package io.pushgate.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Names;
import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Remembers across restarts, in a file that is appended to: one line {@code <position> <id>} per
 * message. When it holds twice the capacity it is written anew with the newest ids, beside the old
 * one, and moved over it in one step.
 *
 * <p>Survives a {@code kill -9} at any moment: a torn last line is cut off when the file is opened.
 * Lines are not forced to the disk one by one; a power cut may forget the newest, which only
 * matters for those whose ack was lost as well. A second process (or client) on the same file is
 * refused.
 */
public final class FileMessageStore implements MessageStore, Closeable {
    private final Path file;
    private final int capacity;
    private final MemoryMessageStore memory;
    private final FileChannel lock;
    private FileChannel out;
    private int lines;

    private FileMessageStore(Path file, int capacity, FileChannel lock) throws IOException {
        this.file = file;
        this.capacity = capacity;
        this.memory = new MemoryMessageStore(capacity);
        this.lock = lock;
        this.out = FileChannel.open(file, READ, WRITE, CREATE);
        try {
            out.truncate(load());
            out.position(out.size());
        } catch (IOException e) {
            out.close();
            throw e;
        }
    }

    /** Opens or creates a store of {@link #DEFAULT_CAPACITY} ids. */
    public static FileMessageStore open(Path file) throws IOException {
        return open(file, DEFAULT_CAPACITY);
    }

    /**
     * Opens or creates a store.
     *
     * @param file its folder is created where it is missing; {@code <file>.lock} lies beside it
     * @param capacity ids kept, at least 1
     * @throws IOException if the file can't be read or written, or is in use by another client
     */
    public static FileMessageStore open(Path file, int capacity) throws IOException {
        Path absolute = file.toAbsolutePath();
        Files.createDirectories(parentOf(absolute));
        FileChannel lock = FileChannel.open(sibling(absolute, ".lock"), WRITE, CREATE);
        try {
            if (lock.tryLock() == null) {
                throw new IOException(absolute + " is in use by another client");
            }
            return new FileMessageStore(absolute, capacity, lock);
        } catch (OverlappingFileLockException e) {
            lock.close();
            throw new IOException(absolute + " is in use by another client", e);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public @Nullable Position find(String id) {
        return memory.find(id);
    }

    @Override
    public @Nullable String lastId() {
        return memory.lastId();
    }

    @Override
    public synchronized void remember(String id, Position position) {
        memory.remember(id, position);
        try {
            write(out, line(id, position));
            lines++;
            if (lines >= 2L * capacity) {
                compact();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remember " + id + " in " + file, e);
        }
    }

    /** Forces what is remembered to the disk and lets go of the file. */
    @Override
    public synchronized void close() throws IOException {
        try (lock;
                FileChannel closing = out) {
            if (closing.isOpen()) {
                closing.force(true);
            }
        }
    }

    /** Reads every whole line. Returns where the last one ends: what follows it is torn. */
    private long load() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                loadLine(new String(bytes, start, i - start, UTF_8));
                lines++;
                start = i + 1;
            }
        }
        return start;
    }

    /** A line that makes no sense (a power cut may leave zeros) is as good as forgotten. */
    private void loadLine(String line) {
        int space = line.indexOf(' ');
        if (space < 0 || !Names.isMessageId(line.substring(space + 1))) {
            return;
        }
        try {
            memory.remember(line.substring(space + 1), Position.parse(line.substring(0, space)));
        } catch (InvalidInputException e) {
            return;
        }
    }

    private void compact() throws IOException {
        StringBuilder text = new StringBuilder();
        memory.copy().forEach((id, position) -> text.append(line(id, position)));
        Path next = sibling(file, ".new");
        FileChannel fresh = FileChannel.open(next, WRITE, CREATE, TRUNCATE_EXISTING);
        try {
            write(fresh, text.toString());
            fresh.force(true);
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        out.close();
        out = fresh;
        lines = memory.copy().size();
    }

    private static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String line(String id, Position position) {
        return position + " " + id + "\n";
    }

    private static Path sibling(Path path, String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    private static Path parentOf(Path absolute) throws IOException {
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new IOException("not a file: " + absolute);
        }
        return parent;
    }
}
