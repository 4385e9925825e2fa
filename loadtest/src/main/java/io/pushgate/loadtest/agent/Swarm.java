package io.pushgate.loadtest.agent;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import io.pushgate.loadtest.control.ControlMessage;
import io.pushgate.loadtest.control.Counts;
import io.pushgate.loadtest.control.Plan;
import io.pushgate.loadtest.machine.WallClock;
import io.pushgate.loadtest.socket.Connector;
import io.pushgate.loadtest.socket.Endpoint;
import io.pushgate.loadtest.socket.Link;
import io.pushgate.loadtest.socket.Sources;
import io.pushgate.protocol.ServerFrameCodec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * All devices of an agent: begins their connections at the rate of the ramp, keeps them alive, and
 * counts. Everything in it belongs to one event loop.
 */
final class Swarm {
    static final String SUBPROTOCOL = "pushgate.v1.json";

    /** A connection that stood so long makes the next wait a short one again. */
    static final long SETTLED_MILLIS = 5_000;

    static final long HANDSHAKE_MILLIS = 30_000;

    /** How long a node may take to carry out an attempt that was given up. */
    static final long GHOST_MILLIS = 60_000;

    /** Every device is looked at so often within a heartbeat. */
    static final int SWEEPS = 16;

    private static final String PATH = "/v1/ws";
    private static final long TICK_MILLIS = 10;
    private static final int MAX_CONNECTING = 2_000;
    private static final int DEFAULT_HEARTBEAT_MILLIS = 30_000;

    private final EventLoop loop;
    private final Plan plan;
    private final int first;
    private final int count;
    private final int ramp;

    /** How far this machine's clock is ahead of the coordinator's. */
    private final long clockMicros;

    private final List<Endpoint> endpoints;
    private final Connector connector;
    private final Reconnects reconnects;
    private final List<Device> devices;
    private final SlotHistograms slots = new SlotHistograms();
    private final AckWriter acks = new AckWriter();
    private final byte[] head = new byte[PushScan.HEAD_BYTES];
    private final Future<?> ticks;
    final PushScan scan;
    final Ledger ledger;
    private String trouble = "";
    private int heartbeatMillis = DEFAULT_HEARTBEAT_MILLIS;
    private int begun;
    private int swept;
    private long rampStart = -1;
    private long now = millis();

    private boolean frozen;
    private boolean closed;
    long connecting;
    long connected;
    long everConnected;
    long terminated;
    long refused;
    long lost;
    long moved;
    long repeats;
    long pings;

    /**
     * @param epoll whether the loop is one of epoll's
     * @throws IllegalArgumentException in words for whoever assigned it
     */
    Swarm(EventLoop loop, boolean epoll, ControlMessage.Assign assign) {
        this.loop = loop;
        this.plan = assign.plan();
        this.first = assign.first();
        this.count = assign.count();
        this.ramp = assign.ramp();
        this.clockMicros = assign.clock();
        this.endpoints = assign.urls().stream().map(url -> Endpoint.of(url, PATH)).toList();
        if (endpoints.isEmpty() || ramp < 1 || count < 0) {
            throw new IllegalArgumentException("an assignment without a server, or a ramp of 0");
        }
        this.connector =
                new Connector(
                        loop,
                        epoll,
                        Sources.addresses(assign.sources()),
                        ServerFrameCodec.MAX_FRAME_BYTES);
        this.reconnects = new Reconnects(new SplittableRandom());
        this.devices = new ArrayList<>(count);
        this.scan = new PushScan(plan.run());
        this.ledger = new Ledger(plan);
        this.ticks =
                loop.scheduleAtFixedRate(
                        this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Devices are made with their tokens, in their order. */
    void tokens(List<String> tokens) {
        for (String token : tokens) {
            if (devices.size() == count) {
                throw new IllegalArgumentException("more tokens than devices");
            }
            devices.add(new Device(this, first + devices.size(), token));
        }
    }

    /** The ramp begins now. */
    void connect() {
        rampStart = millis();
    }

    Counts counts() {
        return new Counts(
                connecting,
                connected,
                everConnected,
                terminated,
                refused,
                lost,
                moved,
                ledger.delivered,
                repeats,
                ledger.doubled,
                ledger.outOfOrder,
                ledger.unexpected,
                acks.sent(),
                pings);
    }

    List<ControlMessage.Slot> drainSlots() {
        return slots.drain();
    }

    /** Why a connection failed last; empty where none did. */
    String trouble() {
        return trouble;
    }

    /**
     * Nothing is handed on or acked any more: a receipt that comes from now on is for what has been
     * booked before.
     */
    void freeze() {
        frozen = true;
    }

    boolean isFrozen() {
        return frozen;
    }

    /** Ends all connections. */
    void close() {
        closed = true;
        ticks.cancel(false);
        devices.forEach(Device::close);
    }

    boolean isClosed() {
        return closed;
    }

    // From here on: for the devices.

    /** A clock in milliseconds, as of the last tick. */
    long now() {
        return now;
    }

    String messageId(int message) {
        return plan.messageId(message);
    }

    void trouble(String why) {
        trouble = why;
    }

    void heartbeat(int millis) {
        heartbeatMillis = Math.max(millis, SWEEPS);
    }

    /**
     * @param lastId the newest message; empty for none
     */
    Channel connect(Device device, int url, String token, String lastId) {
        Endpoint endpoint = endpoints.get(url % endpoints.size());
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + token);
        headers.set(HttpHeaderNames.USER_AGENT, "pushgate-loadtest");
        return connector.connect(
                endpoint.address(),
                endpoint.withQuery(lastId.isEmpty() ? "" : "last=" + lastId),
                headers,
                SUBPROTOCOL,
                device);
    }

    /** At once, at the next server. */
    void reconnect(Device device) {
        after(0, () -> connectAgain(device));
    }

    /**
     * Later, at the next server.
     *
     * @param retryAfter the server's word on it
     * @param attempts before, in a row
     */
    void reconnect(Device device, @Nullable String retryAfter, int attempts) {
        after(reconnects.waitMillis(retryAfter, attempts), () -> connectAgain(device));
    }

    void after(long millis, Runnable task) {
        if (!closed) {
            var _ = loop.schedule(task, millis, TimeUnit.MILLISECONDS);
        }
    }

    boolean scan(ByteBuf text) {
        int length = Math.min(text.readableBytes(), head.length);
        text.getBytes(text.readerIndex(), head, 0, length);
        return scan.read(head, length);
    }

    boolean scan(byte[] frame) {
        return scan.read(frame, frame.length);
    }

    /** Books what the scan has read; whether it is delivered now. */
    boolean handed(int device, int message, int newest) {
        if (!ledger.handed(device, message, newest)) {
            return false;
        }
        long micros = WallClock.micros() - clockMicros;
        slots.record(plan.slot(message), micros - scan.due, micros - scan.stored);
        return true;
    }

    void ack(Link link, long millis, long sequence) {
        link.sentAt(now);
        acks.write(link, millis, sequence);
    }

    private void connectAgain(Device device) {
        if (!closed) {
            device.connectAgain(reconnects.server());
        }
    }

    private void tick() {
        now = millis();
        if (rampStart >= 0) {
            long due = Math.min((now - rampStart) * ramp / 1000, devices.size());
            while (begun < due && connecting < MAX_CONNECTING) {
                Device device = devices.get(begun++);
                device.connect(device.number);
            }
        }
        sweep();
    }

    private void sweep() {
        long round = Math.max(1, heartbeatMillis / SWEEPS / TICK_MILLIS);
        long slice = (begun + round - 1) / round;
        for (long i = 0; i < slice; i++) {
            swept = swept + 1 >= begun ? 0 : swept + 1;
            devices.get(swept).sweep(now, heartbeatMillis);
        }
    }

    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
