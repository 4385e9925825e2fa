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
import java.util.Map;
import java.util.SequencedMap;

/**
 * Remembers across restarts, in a file that is appended to: one line {@code <position> <id>} per
 * message, with the broadcast log behind it where it came from one, and {@code <position> @ <log>}
 * for a place in a log alone. When it holds twice the capacity it is written anew with the newest
 * ids, beside the old one, and moved over it in one step.
 *
 * <p>Survives a {@code kill -9} at any moment: a torn last line is cut off when the file is opened.
 * Lines are not forced to the disk one by one; a power cut may forget the newest, which only
 * matters for those whose ack was lost as well. A second process (or client) on the same file is
 * refused.
 */
public final class FileMessageStore implements MessageStore, Closeable {
    /** In the place of an id, of which it can be none. */
    private static final String CURSOR = "@ ";

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
        append(line(id, position), id);
    }

    @Override
    public synchronized void remember(String log, String id, Position position) {
        memory.remember(log, id, position);
        append(line(id + " " + log, position), id);
    }

    @Override
    public synchronized void moveCursor(String log, Position position) {
        memory.moveCursor(log, position);
        append(line(CURSOR + log, position), log);
    }

    @Override
    public Map<String, Position> cursors() {
        return memory.cursors();
    }

    private void append(String line, String what) {
        try {
            write(out, line);
            lines++;
            if (lines >= 2L * capacity + memory.cursors().size()) {
                compact();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remember " + what + " in " + file, e);
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
        String[] parts = line.split(" ", 4);
        boolean ofLog = parts.length == 3 && Names.isLog(parts[2]);
        if (parts.length != 2 && !ofLog) {
            return;
        }
        try {
            Position position = Position.parse(parts[0]);
            if (ofLog && parts[1].equals(CURSOR.strip())) {
                memory.moveCursor(parts[2], position);
            } else if (Names.isMessageId(parts[1])) {
                if (ofLog) {
                    memory.remember(parts[2], parts[1], position);
                } else {
                    memory.remember(parts[1], position);
                }
            }
        } catch (InvalidInputException e) {
            return;
        }
    }

    private void compact() throws IOException {
        StringBuilder text = new StringBuilder();
        String last = memory.lastId();
        Position ofLast = last == null ? null : memory.find(last);
        SequencedMap<String, Position> ids = memory.copy();
        ids.forEach((id, position) -> text.append(line(id, position)));
        if (last != null && ofLast != null && !last.equals(ids.lastEntry().getKey())) {
            text.append(line(last, ofLast)); // one of a log stands behind it
        }
        memory.cursors().forEach((log, at) -> text.append(line(CURSOR + log, at)));
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
        lines = (int) text.chars().filter(c -> c == '\n').count();
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
