package io.pushgate.loadtest.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import io.pushgate.loadtest.control.Packed;
import io.pushgate.loadtest.machine.WallClock;
import io.pushgate.loadtest.socket.Connector;
import io.pushgate.loadtest.socket.Endpoint;
import io.pushgate.loadtest.socket.Link;
import io.pushgate.loadtest.socket.Session;
import io.pushgate.loadtest.socket.Sources;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All connections to a peer, and the open loop that sends. Belongs to its event loop, but for the
 * counts, which any thread may read.
 */
final class PeerSwarm {
    private static final long TICK_MILLIS = 1;
    private static final int MAX_CONNECTING = 1_000;
    private static final int MAX_FRAME_BYTES = 128 * 1024;

    private final PeerConfig config;
    private final EventLoop loop;
    private final Endpoint endpoint;
    private final Connector connector;
    private final List<Link> links = new ArrayList<>();
    private final List<Link> touched = new ArrayList<>();
    private final PeerMessage message = new PeerMessage();
    private final Histogram latencies = Packed.histogram();
    private final short[] copies;
    private @Nullable Future<?> ticks;
    private int begun;
    private int sent;
    private long rampStart;
    private long sendStart;
    private long sendStartMicros;
    private boolean closed;
    private int connecting;
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicLong sentCount = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong doubled = new AtomicLong();
    private final AtomicLong foreign = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private volatile String trouble = "";

    /**
     * @throws IllegalArgumentException in words for the person who typed the address
     */
    PeerSwarm(PeerConfig config, EventLoop loop, boolean epoll) {
        this.config = config;
        this.loop = loop;
        this.endpoint = Endpoint.of(config.url(), "/");
        List<String> sources =
                Sources.choose(List.of(), config.connections(), List.of(config.url()));
        this.connector = new Connector(loop, epoll, Sources.addresses(sources), MAX_FRAME_BYTES);
        this.copies = new short[config.messages()];
    }

    void connect() {
        loop.execute(
                () -> {
                    rampStart = System.nanoTime();
                    ticks =
                            loop.scheduleAtFixedRate(
                                    this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
                });
    }

    /**
     * @param start when message 0 is due, on the clock of {@link System#nanoTime}
     */
    void send(long start) {
        loop.execute(
                () -> {
                    sendStart = start;
                    sendStartMicros = WallClock.microsAt(start);
                });
    }

    void close() {
        var _ =
                loop.submit(
                                () -> {
                                    closed = true;
                                    if (ticks != null) {
                                        ticks.cancel(false);
                                    }
                                    List.copyOf(links).forEach(link -> link.close(Link.NORMAL));
                                })
                        .awaitUninterruptibly();
    }

    int connected() {
        return connected.get();
    }

    long sent() {
        return sentCount.get();
    }

    long received() {
        return received.get();
    }

    long doubled() {
        return doubled.get();
    }

    /** Messages that are not of this run. */
    long foreign() {
        return foreign.get();
    }

    /** Connections that ended by themselves. */
    long lost() {
        return lost.get();
    }

    /** Empty for none. */
    String trouble() {
        return trouble;
    }

    /** Since messages were due; a copy. */
    Histogram latencies() {
        var copy = loop.submit(latencies::copy).awaitUninterruptibly();
        return copy.isSuccess() ? copy.getNow() : Packed.histogram();
    }

    private void tick() {
        long now = System.nanoTime();
        long due =
                Math.min(
                        config.connections(),
                        (now - rampStart) / 1_000_000 * config.ramp() / 1_000);
        while (begun < due && connecting < MAX_CONNECTING && trouble.isEmpty()) {
            begun++;
            connecting++;
            HttpHeaders headers = new DefaultHttpHeaders();
            config.headers().forEach(headers::set);
            var _ =
                    connector.connect(
                            endpoint.address(),
                            endpoint.uri(),
                            headers,
                            config.subprotocol(),
                            new Member());
        }
        if (sendStart != 0) {
            sendDue(now - sendStart);
        }
    }

    private void sendDue(long elapsed) {
        while (sent < config.messages() && !links.isEmpty()) {
            long offset = TimeUnit.SECONDS.toMicros(1) * sent / config.rate();
            if (TimeUnit.MICROSECONDS.toNanos(offset) > elapsed) {
                break;
            }
            Link link = links.get(config.kind() == PeerConfig.Case.ECHO ? sent % links.size() : 0);
            byte[] text = PeerMessage.encode(sent, sendStartMicros + offset, config.bytes());
            link.text(text, text.length);
            touched.add(link);
            sent++;
        }
        sentCount.set(sent);
        touched.forEach(Link::flush);
        touched.clear();
    }

    private void take(ByteBuf text, boolean isSender) {
        if (!message.read(text) || message.number >= sent) {
            foreign.incrementAndGet();
        } else if (config.kind() == PeerConfig.Case.BROADCAST && isSender) {
            return; // Some servers leave the sender out, some don't.
        } else if (++copies[message.number] > config.receivers()) {
            doubled.incrementAndGet();
        } else {
            received.incrementAndGet();
            latencies.recordValue(Packed.clamp(WallClock.micros() - message.due));
        }
    }

    /** One connection. */
    private final class Member implements Session {
        @Override
        public void opened(Link link) {
            connecting--;
            connected.incrementAndGet();
            links.add(link);
        }

        @Override
        public void text(Link link, ByteBuf text) {
            take(text, link == links.getFirst());
        }

        @Override
        public void passed(Link link) {
            // Nothing is answered.
        }

        @Override
        public void refused(int status, @Nullable String retryAfter) {
            connecting--;
            trouble = "refused with HTTP " + status;
        }

        @Override
        public void failed(String why) {
            connecting--;
            trouble = why;
        }

        @Override
        public void ended(Link link, int code) {
            links.remove(link);
            connected.decrementAndGet();
            if (!closed) {
                lost.incrementAndGet();
                trouble = "a connection was closed with code " + code;
            }
        }
    }
}
