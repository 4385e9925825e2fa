package io.pushgate.faults.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection: a reader, a bounded queue, and a writer that holds chunks back as
 * the conditions say. A network that stalls withholds FIN and RST too, so both go through the
 * queue.
 */
final class Pipe {
    /** With a full queue the sender feels backpressure, as with a full kernel buffer. */
    private static final int MAX_CHUNKS = 64;

    private static final int CHUNK_BYTES = 16 * 1024;

    @SuppressWarnings("ArrayRecordComponent") // handed from one thread to the other, never compared
    private sealed interface Item {
        record Chunk(byte[] bytes, long dueNanos) implements Item {}

        record Fin() implements Item {}

        record Rst() implements Item {}
    }

    private final Link link;
    private final Direction direction;
    private final Conditions conditions;
    private final Tap tap;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(MAX_CHUNKS);

    Pipe(Link link, Direction direction, Conditions conditions, Tap tap) {
        this.link = link;
        this.direction = direction;
        this.conditions = conditions;
        this.tap = tap;
    }

    /** Begins to pump; two virtual threads until the link is closed. */
    void start(Socket from, Socket to) {
        link.run(() -> read(from));
        link.run(() -> write(to));
    }

    private void read(Socket from) throws InterruptedException {
        Item last = new Item.Fin();
        try {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[CHUNK_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                tap.bytes(buffer, 0, n);
                long due = System.nanoTime() + conditions.delayNanos();
                queue.put(new Item.Chunk(Arrays.copyOf(buffer, n), due));
                link.awaitPresence(direction);
            }
        } catch (IOException e) {
            last = new Item.Rst();
        }
        queue.put(last);
    }

    private void write(Socket to) throws InterruptedException {
        try {
            OutputStream out = to.getOutputStream();
            while (true) {
                Item item = queue.take();
                if (item instanceof Item.Chunk(byte[] _, long due)) {
                    TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                }
                conditions.awaitFlow(link, direction);
                link.awaitPresence(direction);
                switch (item) {
                    case Item.Chunk(byte[] bytes, long _) -> write(out, bytes);
                    case Item.Fin() -> {
                        link.finished(to);
                        return;
                    }
                    case Item.Rst() -> {
                        link.reset();
                        return;
                    }
                }
            }
        } catch (IOException e) {
            link.reset();
        }
    }

    private void write(OutputStream out, byte[] bytes) throws IOException, InterruptedException {
        long rate = conditions.rate();
        if (rate == 0) {
            out.write(bytes);
            return;
        }
        int slice = Math.clamp(rate / 10, 1, bytes.length);
        for (int at = 0; at < bytes.length; at += slice) {
            int n = Math.min(slice, bytes.length - at);
            out.write(bytes, at, n);
            TimeUnit.NANOSECONDS.sleep(TimeUnit.SECONDS.toNanos(n) / rate);
        }
    }
}
