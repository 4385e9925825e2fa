package io.pushgate.access;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.pushgate.access.auth.Claims;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.ClientFrame;
import io.pushgate.protocol.ClientFrameCodec;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.ServerFrameCodec;
import io.pushgate.protocol.StageTimes;
import io.pushgate.runtime.config.ConfigException;
import io.pushgate.runtime.config.ConfigLoader;
import io.pushgate.testkit.MutableClock;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A session on an embedded channel over a fake inbox. */
final class SessionRig implements AutoCloseable {
    static final DeviceKey DEVICE = new DeviceKey("shop", "pos-7");
    static final String NODE = "n1";

    final FakeInbox inbox = new FakeInbox();
    final FakeLogs logs = new FakeLogs();
    final MutableClock clock = MutableClock.create();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final AccessMetrics metrics = new AccessMetrics(meters);
    final EmbeddedChannel channel = new EmbeddedChannel();
    final SessionRegistry registry = new SessionRegistry();
    final List<Route> takenOver = new ArrayList<>();
    final LogHub hub;
    final LoopContext loop;
    final Session session;
    final List<Integer> closeCodes = new ArrayList<>();
    private final List<ServerFrame> frames = new ArrayList<>();

    /** Buffers written so far. */
    int writes;

    SessionRig() {
        this(Map.of());
    }

    /**
     * @param settings by path below {@code access}
     */
    SessionRig(Map<String, String> settings) {
        this(settings, Cursors.NONE);
    }

    /**
     * @param cursors where the client says it stands in broadcast logs
     */
    SessionRig(Map<String, String> settings, Cursors cursors) {
        NodeClock both = new NodeClock(clock, clock);
        AccessConfig config = config(settings);
        AckBatcher acks =
                new AckBatcher(
                        channel.eventLoop(), inbox, Duration.ofMillis(5), receipts -> {}, metrics);
        hub =
                new LogHub(
                        channel.eventLoop(),
                        logs,
                        config.logs(),
                        UnpooledByteBufAllocator.DEFAULT,
                        metrics);
        loop =
                new LoopContext(
                        0,
                        channel.eventLoop(),
                        both,
                        acks,
                        new LoopLogs(channel.eventLoop(), hub, metrics, both),
                        new CursorSaver(channel.eventLoop(), logs, metrics),
                        metrics);
        hub.start(List.of(loop.logs()));
        SessionContext node =
                new SessionContext(
                        NODE,
                        config,
                        inbox,
                        logs,
                        registry,
                        (device, replaced) -> takenOver.add(replaced),
                        new Leaving(inbox, metrics),
                        receipts -> {},
                        metrics,
                        both);
        Connection connection = new Connection(channel, loop);
        Claims claims =
                new Claims(
                        DEVICE,
                        "pos",
                        null,
                        List.of(),
                        clock.millis() + Duration.ofHours(1).toMillis());
        session = new Session(node, loop, connection, claims, "test", null, cursors);
        channel.pipeline()
                .addLast(
                        PipelineNames.FRAMES,
                        new FrameHandler(session, connection, session.lifeline(), node));
    }

    static AccessConfig config(Map<String, String> settings) {
        try {
            return ConfigLoader.load(AccessConfig.class, null, Map.of(), settings);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    void open() {
        session.open();
        settle();
    }

    /** Runs what the loop has to do now. */
    void settle() {
        loop.flushAll();
        channel.runPendingTasks();
        loop.flushAll();
    }

    /** The connection breaks; closing the channel itself would cancel the loop's timers. */
    void hangUp() {
        channel.pipeline().fireChannelInactive();
        settle();
    }

    /** Moves every clock. */
    void pass(Duration time) {
        clock.advance(time);
        channel.advanceTimeBy(time.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        loop.wheel().advance();
        settle();
    }

    /** Puts a message into the inbox, and has its delivery come in. */
    void push(long millis) {
        Position previous = inbox.append(millis);
        deliver(new Position(millis, 0), previous);
    }

    void deliver(Position position, Position previous) {
        deliver(position, previous, FakeInbox.message("m" + position.millis()));
    }

    void deliver(Position position, Position previous, Message message) {
        deliver(new Delivery.Push(DEVICE, new Route(NODE, 1), position, previous, message));
    }

    void deliver(Delivery delivery) {
        deliver(delivery, StageTimes.NONE);
    }

    void deliver(Delivery delivery, StageTimes times) {
        session.receive(delivery, times, clock.nanos());
        settle();
    }

    /** Has a broadcast come in, as a dispatcher publishes it. */
    void broadcast(Broadcast broadcast) {
        broadcast(List.of(broadcast));
    }

    /** Has the word come in that one was taken back. */
    void recalled(NodeMessage.Recalled word) {
        hub.accept(word);
        settle();
    }

    /** Several in one message. */
    void broadcast(List<Broadcast> broadcasts) {
        hub.accept(
                new NodeMessage.Broadcasts(
                        broadcasts.stream()
                                .map(b -> new NodeMessage.TimedBroadcast(b, StageTimes.NONE))
                                .toList()));
        settle();
    }

    void ackLog(long millis) {
        send("{\"t\":\"ack\",\"pos\":\"" + millis + "-0\",\"log\":\"all\"}");
    }

    void ack(long millis) {
        send(
                new String(
                        ClientFrameCodec.encode(new ClientFrame.Ack(new Position(millis, 0), null)),
                        StandardCharsets.UTF_8));
    }

    void send(String json) {
        write(0x80 | RawClient.TEXT, json.getBytes(StandardCharsets.UTF_8));
        settle();
    }

    /**
     * Has a frame come in.
     *
     * @param first the first byte: FIN and RSV bits and the opcode
     */
    void write(int first, byte[] payload) {
        channel.writeInbound(Unpooled.wrappedBuffer(RawClient.frame(first, true, payload)));
    }

    /** The pushes since the last call, as their milliseconds, with {@code +} where sent again. */
    List<String> pushes() {
        List<String> pushes = new ArrayList<>();
        for (ServerFrame frame : frames()) {
            if (frame instanceof ServerFrame.Push push) {
                pushes.add(push.position().millis() + (push.again() ? "+" : ""));
            }
        }
        return pushes;
    }

    /** The text frames since the last call. */
    List<ServerFrame> frames() {
        drain();
        List<ServerFrame> all = List.copyOf(frames);
        frames.clear();
        return all;
    }

    List<Integer> closeCodes() {
        drain();
        return closeCodes;
    }

    double count(AccessMeters meter, String... tags) {
        return meters.get(meter.meterName()).tags(tags).counter().count();
    }

    private void drain() {
        for (ByteBuf frame = channel.readOutbound();
                frame != null;
                frame = channel.readOutbound()) {
            try {
                while (frame.isReadable()) {
                    read(frame);
                }
                writes++;
            } finally {
                frame.release();
            }
        }
    }

    private void read(ByteBuf frame) {
        int opcode = frame.readByte() & 0x0F;
        int length = frame.readByte() & 0x7F;
        if (length == 126) {
            length = frame.readUnsignedShort();
        } else if (length == 127) {
            length = (int) frame.readLong();
        }
        if (opcode == 8) {
            closeCodes.add(frame.readUnsignedShort());
            frame.skipBytes(length - 2);
        } else if (opcode == 1) {
            try {
                frames.add(
                        ServerFrameCodec.decode(frame.readString(length, StandardCharsets.UTF_8)));
            } catch (InvalidInputException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        drain();
        hub.release();
        loop.logs().close();
        settle();
        channel.finishAndReleaseAll();
    }
}
