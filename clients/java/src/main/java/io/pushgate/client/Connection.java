package io.pushgate.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.util.concurrent.ScheduledFuture;
import io.pushgate.protocol.ClientFrame;
import io.pushgate.protocol.ClientFrameCodec;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.ServerFrameCodec;
import io.pushgate.protocol.UnknownFrameException;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import javax.net.ssl.SSLException;

/**
 * One WebSocket, from its handshake to its end: the last handler of its channel. Speaks the
 * protocol, keeps the heartbeat and coalesces acks; what the frames mean is its owner's. Everything
 * runs on the channel's event loop.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // Failures come as exceptionCaught or channelInactive.
final class Connection extends SimpleChannelInboundHandler<Object> {
    /** Longest frame and message from the gateway: 64 KiB of payload and what is around it. */
    static final int MAX_FRAME_BYTES = 256 * 1024;

    /** How long to wait for the server's answer to our close frame. */
    private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration MAX_LOG_ACK_DELAY = Duration.ofSeconds(2);
    private static final int MIN_HEARTBEAT_MILLIS = 10;
    private static final int MAX_HEARTBEAT_MILLIS = 600_000;

    private final ClientOptions options;
    private final WebSocketClientHandshaker handshaker;
    private final Duration patience;
    private final ConnectionOwner owner;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Heartbeat heartbeat;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable ConnectionEnd end;
    private @Nullable Position toAck;

    /** The highest position that came over this connection. */
    private Position brought = Position.NONE;

    /** The same by broadcast log, and how many messages that is. */
    private Map<String, Position> toAckOfLogs = Map.of();

    private int unackedOfLogs;
    private int window;
    private boolean logAckScheduled;
    private boolean ackScheduled;
    private boolean closing;
    private boolean ended;

    /**
     * @param patience from the call to connect to the welcome
     */
    Connection(
            ClientOptions options,
            WebSocketClientHandshaker handshaker,
            Duration patience,
            ConnectionOwner owner) {
        this.options = options;
        this.handshaker = handshaker;
        this.patience = patience;
        this.owner = owner;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        timer =
                ctx.executor()
                        .schedule(
                                () -> abort("no welcome from the gateway in time"),
                                patience.toNanos(),
                                NANOSECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        handshaker.handshake(ctx.channel());
    }

    /**
     * Acks everything up to here, together with what else this pass of the event loop brings.
     *
     * @param log the broadcast log, null for the inbox
     */
    void ack(@Nullable String log, Position upTo) {
        if (log == null) {
            toAck = upTo;
        } else {
            if (toAckOfLogs.isEmpty()) {
                toAckOfLogs = new LinkedHashMap<>(2);
            }
            toAckOfLogs.put(log, upTo);
            unackedOfLogs++;
            ackLogsLater();
            return;
        }
        if (!ackScheduled && context != null) {
            ackScheduled = true;
            context.executor().execute(this::flushAck);
        }
    }

    /**
     * Acks of broadcasts only move the gateway's window: they wait until they are many, or for a
     * random time, as a million devices that ack the same message at once would be a storm.
     */
    private void ackLogsLater() {
        if (context == null) {
            return;
        }
        if (unackedOfLogs >= window / 4) {
            if (!ackScheduled) {
                ackScheduled = true;
                context.executor().execute(this::flushAcks);
            }
        } else if (!logAckScheduled) {
            logAckScheduled = true;
            long after = ThreadLocalRandom.current().nextLong(MAX_LOG_ACK_DELAY.toNanos());
            context.executor().schedule(this::flushAcks, after, NANOSECONDS);
        }
    }

    /** Stops or resumes reading from the socket. */
    void setReading(boolean reading) {
        if (context != null && context.channel().config().isAutoRead() != reading) {
            context.channel().config().setAutoRead(reading);
        }
    }

    /** Sends what is to be acked and a close frame, and ends when the server has answered it. */
    void close(String reason) {
        if (closing) {
            return;
        }
        if (context == null || heartbeat == null || !context.channel().isActive()) {
            abort(reason);
            return;
        }
        flushAcks();
        closing = true;
        setReading(true);
        end = new ConnectionEnd.Closed(WebSocketCloseStatus.NORMAL_CLOSURE.code(), reason);
        send(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE, reason));
        ChannelHandlerContext closed = context;
        Runnable force = () -> closed.close();
        context.executor().schedule(force, CLOSING_TIMEOUT.toNanos(), NANOSECONDS);
    }

    /** Ends at once, without another frame in or out. */
    void abort(String reason) {
        if (end == null) {
            end = new ConnectionEnd.Broken(reason);
        }
        closing = true;
        if (context != null) {
            context.close();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Object message) {
        if (heartbeat != null) {
            heartbeat.received(options.now());
        }
        switch (message) {
            case FullHttpResponse response -> finishHandshake(ctx, response);
            case CloseWebSocketFrame close -> closedByServer(ctx, close);
            case WebSocketFrame _ when closing -> {}
            case TextWebSocketFrame text -> read(text.text());
            case PingWebSocketFrame ping -> send(new PongWebSocketFrame(ping.content().retain()));
            case PongWebSocketFrame _ -> {}
            case BinaryWebSocketFrame _ -> abort("the gateway sent a binary frame");
            default -> abort("the gateway sent something unexpected");
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        flushAcks();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish(new ConnectionEnd.Broken("connection lost"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        abort(describe(cause));
    }

    /** Reports the end, unless that was done: the one found first, or else the given one. */
    void finish(ConnectionEnd otherwise) {
        if (ended) {
            return;
        }
        ended = true;
        if (timer != null) {
            timer.cancel(false);
        }
        owner.ended(this, end == null ? otherwise : end);
    }

    private void finishHandshake(ChannelHandlerContext ctx, FullHttpResponse response) {
        if (!HttpResponseStatus.SWITCHING_PROTOCOLS.equals(response.status())) {
            end =
                    new ConnectionEnd.Refused(
                            response.status().code(),
                            "the gateway answered HTTP " + response.status(),
                            RetryAfter.parse(
                                    response.headers().get(HttpHeaderNames.RETRY_AFTER),
                                    Instant.now()));
            abort("refused");
            return;
        }
        try {
            handshaker.finishHandshake(ctx.channel(), response);
        } catch (WebSocketHandshakeException e) {
            abort("the gateway's handshake is wrong: " + e.getMessage());
            return;
        }
        ctx.pipeline()
                .addBefore(
                        ctx.name(),
                        Connector.FRAME_AGGREGATOR,
                        new WebSocketFrameAggregator(MAX_FRAME_BYTES));
    }

    private void closedByServer(ChannelHandlerContext ctx, CloseWebSocketFrame close) {
        if (end == null) {
            int code = close.statusCode() == -1 ? 1005 : close.statusCode();
            end = new ConnectionEnd.Closed(code, close.reasonText());
        }
        if (closing) {
            ctx.close();
        } else {
            closing = true;
            ctx.writeAndFlush(new CloseWebSocketFrame()).addListener(_ -> ctx.close());
        }
    }

    private void read(String text) {
        ServerFrame frame;
        try {
            frame = ServerFrameCodec.decode(text);
        } catch (UnknownFrameException e) {
            return; // of a later version
        } catch (InvalidInputException e) {
            abort("the gateway sent a bad frame: " + e.getMessage());
            return;
        }
        if ((heartbeat == null) != (frame instanceof ServerFrame.Welcome)) {
            abort("the gateway sent its welcome not first or not once");
            return;
        }
        switch (frame) {
            case ServerFrame.Welcome welcome -> welcomed(welcome);
            case ServerFrame.Push push -> {
                if (push.log() == null && push.position().isAfter(brought)) {
                    brought = push.position();
                }
                owner.pushed(this, push);
            }
            case ServerFrame.Recall recall -> owner.recalled(this, recall);
            case ServerFrame.Reset reset -> owner.reset(this, reset);
            case ServerFrame.Goaway goaway -> owner.goaway(this, goaway);
            case ServerFrame.Failure failure -> owner.failure(this, failure);
            case ServerFrame.Pong _ -> {}
        }
    }

    private void welcomed(ServerFrame.Welcome welcome) {
        int millis = Math.clamp(welcome.heartbeat(), MIN_HEARTBEAT_MILLIS, MAX_HEARTBEAT_MILLIS);
        long interval = Duration.ofMillis(millis).toNanos();
        heartbeat = new Heartbeat(interval, options.heartbeatGrace().toNanos(), options.now());
        if (timer != null) {
            timer.cancel(false);
        }
        checkHeartbeatIn(interval);
        window = welcome.window();
        owner.welcomed(this, welcome);
        flushAcks();
    }

    private void checkHeartbeat() {
        if (heartbeat == null || closing || context == null) {
            return;
        }
        if (!context.channel().config().isAutoRead()) {
            // It is we who do not listen: silence says nothing.
            heartbeat.received(options.now());
        }
        switch (heartbeat.check(options.now())) {
            case Heartbeat.Next.Wait(long nanos) -> checkHeartbeatIn(nanos);
            case Heartbeat.Next.Ping(long nanos) -> {
                if (context.channel().isWritable()) {
                    send(text(ClientFrameCodec.encode(new ClientFrame.Ping())));
                }
                checkHeartbeatIn(nanos);
            }
            case Heartbeat.Next.Dead() -> abort("the gateway fell silent");
        }
    }

    private void checkHeartbeatIn(long nanos) {
        if (context != null) {
            timer = context.executor().schedule(this::checkHeartbeat, nanos, NANOSECONDS);
        }
    }

    /** A socket that takes nothing keeps one ack waiting: they are cumulative. */
    private void flushAck() {
        ackScheduled = false;
        if (heartbeat == null || closing || context == null) {
            return;
        }
        if (!context.channel().isWritable()) {
            return;
        }
        if (toAck != null) {
            // What an earlier connection brought is news to this session, which takes no ack for
            // it. It brings it again, unless it knows by the last id, and then that is acked.
            Position upTo = toAck.isAfter(brought) ? brought : toAck;
            toAck = null;
            if (upTo.isAfter(Position.NONE)) {
                send(text(ClientFrameCodec.encode(new ClientFrame.Ack(upTo, null))));
            }
        }
    }

    /** The same for the broadcast logs, too. */
    private void flushAcks() {
        logAckScheduled = false;
        flushAck();
        if (heartbeat == null || closing || context == null || !context.channel().isWritable()) {
            return;
        }
        if (!toAckOfLogs.isEmpty()) {
            toAckOfLogs.forEach(
                    (log, upTo) ->
                            send(text(ClientFrameCodec.encode(new ClientFrame.Ack(upTo, log)))));
            toAckOfLogs.clear();
            unackedOfLogs = 0;
        }
    }

    private void send(WebSocketFrame frame) {
        if (context == null) {
            frame.release();
            return;
        }
        if (heartbeat != null) {
            heartbeat.sent(options.now());
        }
        context.writeAndFlush(frame, context.voidPromise());
    }

    private static TextWebSocketFrame text(byte[] json) {
        ByteBuf content = Unpooled.wrappedBuffer(json);
        return new TextWebSocketFrame(content);
    }

    /** In one line. What is wrong with a certificate is told by the innermost cause only. */
    static String describe(Throwable cause) {
        boolean tls = cause instanceof SSLException || cause.getCause() instanceof SSLException;
        Throwable telling = cause;
        while (tls && telling.getCause() != null) {
            telling = telling.getCause();
        }
        String message = telling.getMessage();
        String text = message == null ? telling.getClass().getSimpleName() : message;
        return tls ? "TLS failed: " + text : text;
    }
}
