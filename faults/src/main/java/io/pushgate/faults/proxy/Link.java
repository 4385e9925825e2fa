package io.pushgate.faults.proxy;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One connection through a {@link FaultProxy}: two sockets and two pipes. Any thread. */
public final class Link {
    interface Task {
        void run() throws InterruptedException;
    }

    private final Socket client;
    private final Socket server;
    private final Conditions conditions;
    private final Consumer<Link> ended;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger(2);
    private final StringBuilder firstUp = new StringBuilder();
    private final long sinceNanos = System.nanoTime();
    private volatile boolean closed;
    private volatile @Nullable Direction gone;

    Link(Socket client, Socket server, Conditions conditions, Consumer<Link> ended) {
        this.client = client;
        this.server = server;
        this.conditions = conditions;
        this.ended = ended;
    }

    /**
     * @param down sees what comes from the server
     */
    void start(Tap down) {
        new Pipe(this, Direction.UP, conditions, this::remember).start(client, server);
        new Pipe(this, Direction.DOWN, conditions, down).start(server, client);
    }

    /** When it was made, a reading of {@link System#nanoTime}. */
    public long sinceNanos() {
        return sinceNanos;
    }

    /** Whether the client sent the word within its first kilobyte; any case. */
    public boolean began(String word) {
        synchronized (firstUp) {
            return firstUp.toString().contains(word.toUpperCase(java.util.Locale.ROOT));
        }
    }

    boolean hasVanished() {
        return gone != null;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Has one side vanish without a word: its own socket breaks, the other side is told nothing.
     */
    void vanish(Direction from) {
        gone = from;
        hardClose(from == Direction.UP ? client : server);
        conditions.signal();
    }

    /**
     * Parks the pipe for good once a side has vanished: nothing more is read or written, as nobody
     * acknowledges any more.
     */
    void awaitPresence(Direction direction) throws InterruptedException {
        if (gone != null) {
            synchronized (this) {
                while (!closed) {
                    wait();
                }
            }
            throw new InterruptedException(direction + " of a vanished peer");
        }
    }

    /** One direction came to its end; when both did, so does the link. */
    void finished(Socket to) {
        if (gone != null) {
            return;
        }
        try {
            to.shutdownOutput();
        } catch (IOException e) {
            // It is closed already.
        }
        if (open.decrementAndGet() == 0) {
            close(false);
        }
    }

    /** Breaks both sides with RST, unless one of them has vanished. */
    void reset() {
        if (gone == null) {
            close(true);
        }
    }

    /** Breaks both sides with RST. */
    void kill() {
        close(true);
    }

    void run(Task task) {
        Thread thread =
                Thread.ofVirtual()
                        .name("fault-proxy")
                        .unstarted(
                                () -> {
                                    try {
                                        task.run();
                                    } catch (InterruptedException e) {
                                        // Closing is what interrupts it.
                                    }
                                });
        synchronized (threads) {
            threads.add(thread);
        }
        thread.start();
    }

    private void close(boolean hard) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            notifyAll();
        }
        for (Socket socket : List.of(client, server)) {
            if (hard) {
                hardClose(socket);
            } else {
                softClose(socket);
            }
        }
        conditions.signal();
        synchronized (threads) {
            threads.forEach(Thread::interrupt);
        }
        ended.accept(this);
    }

    private void remember(byte[] buffer, int offset, int length) {
        synchronized (firstUp) {
            for (int i = offset; i < offset + length && firstUp.length() < 1024; i++) {
                firstUp.append(Character.toUpperCase((char) (buffer[i] & 0xFF)));
            }
        }
    }

    static void hardClose(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        softClose(socket);
    }

    private static void softClose(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is left to be done.
        }
    }
}
