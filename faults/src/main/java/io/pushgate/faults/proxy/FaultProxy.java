package io.pushgate.faults.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A TCP proxy on 127.0.0.1 that does to connections what a bad network does: latency, a low rate,
 * stalls of one direction or both, cuts, and peers that vanish without a word.
 *
 * <p>Loss and reordering of packets do not exist for who reads a TCP stream: TCP repairs both, and
 * what is left of them is delay and stalls, which is how they are emulated here. A partition that
 * heals is a stall; one that does not is a half-open connection.
 *
 * <p>Every method may be called from any thread. A connection takes four virtual threads; meant for
 * a few thousand connections.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int BACKLOG = 1_024;
    private static final int CONNECT_MILLIS = 2_000;
    private static final long ACCEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ServerSocket listener;
    private final Supplier<Tap> downTaps;
    private final Conditions conditions = new Conditions();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final LongAdder accepted = new LongAdder();
    private final int target;
    private volatile boolean refusing;

    private FaultProxy(ServerSocket listener, int target, Supplier<Tap> downTaps) {
        this.listener = listener;
        this.target = target;
        this.downTaps = downTaps;
    }

    /**
     * Listens on a free port, in front of a port on 127.0.0.1 where nobody needs to listen yet.
     *
     * @param downTaps asked for each connection; what it gives sees the bytes from the server
     */
    public static FaultProxy start(int target, Supplier<Tap> downTaps) {
        return start(0, target, downTaps);
    }

    /**
     * The same on a port of the caller's choice.
     *
     * @throws UncheckedIOException where the port is taken
     */
    public static FaultProxy start(int port, int target, Supplier<Tap> downTaps) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
            FaultProxy proxy = new FaultProxy(listener, target, downTaps);
            Thread.ofPlatform().daemon().name("fault-proxy-accept").start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy cannot listen on port " + port, e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Connections that stand now. */
    public int connections() {
        return links.size();
    }

    /** Connections ever accepted. */
    public long accepted() {
        return accepted.sum();
    }

    /** Holds every chunk back for {@code base} and up to {@code jitter} more; order is kept. */
    public void latency(Duration base, Duration jitter) {
        conditions.latency(base, jitter);
    }

    /** Lets so many bytes a second through, per connection and direction; 0 for no limit. */
    public void rate(long bytesPerSecond) {
        conditions.rate(bytesPerSecond);
    }

    /** Connections are taken and stand, but nothing passes, in either direction. */
    public void stall() {
        conditions.stall(Set.of(Direction.UP, Direction.DOWN), _ -> true);
    }

    /** The same in one direction only. */
    public void stall(Direction direction) {
        conditions.stall(Set.of(direction), _ -> true);
    }

    /** The same for some of the connections only; asked again and again. */
    public void stall(Direction direction, Predicate<Link> links) {
        conditions.stall(Set.of(direction), links);
    }

    /** Breaks all connections with RST and refuses new ones. */
    public void cut() {
        refusing = true;
        reset(_ -> true);
    }

    /**
     * Breaks some connections with RST; new ones are taken.
     *
     * @return how many
     */
    public int reset(Predicate<Link> which) {
        List<Link> hit = links.stream().filter(which).toList();
        hit.forEach(Link::kill);
        return hit.size();
    }

    /**
     * Has one side of connections vanish: its own sockets break, the other side hears nothing ever
     * again, neither bytes nor FIN. New connections are taken. Lasts until {@link #heal}, which
     * breaks those connections.
     *
     * @param from the direction whose sender vanishes
     * @return how many connections
     */
    public int vanish(Direction from, Predicate<Link> which) {
        List<Link> hit = links.stream().filter(which).toList();
        hit.forEach(link -> link.vanish(from));
        return hit.size();
    }

    /** A network without faults again; what was stalled flows, what had vanished breaks. */
    public void heal() {
        refusing = false;
        conditions.clear();
        links.stream().filter(Link::hasVanished).toList().forEach(Link::kill);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            // The port is given back either way.
        }
        links.forEach(Link::kill);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                accepted.increment();
                if (refusing) {
                    Link.hardClose(client);
                } else {
                    Thread.ofVirtual().start(() -> connect(client));
                }
            } catch (IOException e) {
                // Closed, or out of files for the moment; the next accept tells.
                LockSupport.parkNanos(ACCEPT_PAUSE_NANOS);
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        try {
            server.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target),
                    CONNECT_MILLIS);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException e) {
            Link.hardClose(server);
            Link.hardClose(client);
            return;
        }
        Link link = new Link(client, server, conditions, links::remove);
        links.add(link);
        link.start(downTaps.get());
        if (refusing || listener.isClosed()) {
            link.kill();
        }
    }
}
