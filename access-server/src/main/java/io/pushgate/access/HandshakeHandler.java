package io.pushgate.access;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
import static io.netty.handler.codec.http.HttpResponseStatus.REQUEST_URI_TOO_LONG;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;

/**
 * Takes a new connection through the handshake: by its deadlines it is a WebSocket, refused, or
 * gone.
 */
final class HandshakeHandler extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(HandshakeHandler.class);

    /** How long a refused client may take to read why and go. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final HandshakeRules rules;
    private final RequestDecoder decoder;
    private final TimingWheel wheel;
    private final AccessMetrics metrics;
    private final ClientAddress addresses;
    private final Upgrade upgrade;
    private final HeadDeadline deadline;
    private @Nullable HttpRequest request;
    private @Nullable Channel channel;
    private boolean answered;

    HandshakeHandler(
            HandshakeRules rules,
            RequestDecoder decoder,
            TimingWheel wheel,
            AccessConfig.AccessLimits limits,
            AccessMetrics metrics,
            ClientAddress addresses,
            Upgrade upgrade) {
        this.rules = rules;
        this.decoder = decoder;
        this.wheel = wheel;
        this.metrics = metrics;
        this.addresses = addresses;
        this.upgrade = upgrade;
        this.deadline =
                new HeadDeadline(
                        wheel.now() + limits.headerDeadline().toNanos(),
                        wheel.now() + limits.firstLife().toNanos());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        wheel.schedule(deadline, deadline.next());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        wheel.cancel(deadline);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object input) {
        try {
            if (answered) {
                return; // a refused client goes on sending
            }
            if (input instanceof HttpRequest head) {
                request = head;
                if (head.decoderResult().isFailure()) {
                    refuse(ctx, unreadable(head.decoderResult().cause()));
                    return;
                }
            }
            HttpRequest head = request;
            if (input instanceof LastHttpContent && head != null) {
                answer(ctx, head);
            }
        } finally {
            ReferenceCountUtil.release(input);
        }
    }

    /** Bytes came in, though perhaps no whole head yet. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        deadline.firstByteSeen();
        HttpRequest head = request;
        if (!answered && head != null) {
            answer(ctx, head); // it announced a body, and is refused before that is here
        }
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest head) {
        String client = addresses.of(ctx.channel(), head.headers());
        switch (rules.decide(head, decoder.hasMore())) {
            case Handshake.Refused(Refusal refusal) -> {
                log.debug("refused a client at {}: {}", client, refusal.tag());
                refuse(ctx, refusal);
            }
            case Handshake.Accepted accepted -> {
                log.debug("{} connects from {}", accepted.claims().device(), client);
                accept(ctx, accepted);
            }
        }
    }

    private void accept(ChannelHandlerContext ctx, Handshake.Accepted accepted) {
        answered = true;
        var _ =
                ctx.writeAndFlush(
                        Unpooled.copiedBuffer(
                                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                        + "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                                        + accepted.acceptKey()
                                        + (accepted.subprotocol()
                                                ? "\r\nSec-WebSocket-Protocol: "
                                                        + RequestRules.SUBPROTOCOL
                                                : "")
                                        + "\r\n\r\n",
                                US_ASCII),
                        ctx.voidPromise());
        upgrade.upgrade(ctx.channel(), accepted);
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
        answered = true;
        metrics.refused(refusal.tag());
        deadline.lingerUntil(wheel.now() + LINGER_NANOS);
        // Closing a socket with unread input resets it, and the client would never see the answer.
        ctx.writeAndFlush(refusal.response())
                .addListener(
                        (ChannelFuture written) -> {
                            SslHandler tls = written.channel().pipeline().get(SslHandler.class);
                            if (tls != null) {
                                var _ = tls.closeOutbound(); // says so within TLS
                            } else if (written.channel() instanceof DuplexChannel duplex) {
                                var _ = duplex.shutdownOutput();
                            } else {
                                var _ = written.channel().close();
                            }
                        });
    }

    private static Refusal unreadable(Throwable cause) {
        if (cause instanceof TooLongHttpHeaderException) {
            return Refusal.of(
                    REQUEST_HEADER_FIELDS_TOO_LARGE, "too_long", "the headers exceed 8 KiB");
        }
        return cause instanceof TooLongHttpLineException
                ? Refusal.of(REQUEST_URI_TOO_LONG, "too_long", "the request line exceeds 8 KiB")
                : Refusal.of(BAD_REQUEST, "unreadable", "this is not an HTTP/1.1 request");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close();
    }

    /** Makes a WebSocket of the connection; the answer is on its way. */
    @FunctionalInterface
    interface Upgrade {
        void upgrade(Channel channel, Handshake.Accepted accepted);
    }

    /** The absolute deadlines of a connection that is no WebSocket yet. */
    private final class HeadDeadline extends TimingWheel.Entry {
        private final long headBy;
        private long firstByteBy;
        private long gone = TimingWheel.NEVER;

        HeadDeadline(long headBy, long firstByteBy) {
            this.headBy = headBy;
            this.firstByteBy = firstByteBy;
        }

        void firstByteSeen() {
            firstByteBy = TimingWheel.NEVER;
        }

        void lingerUntil(long until) {
            gone = until;
            wheel.schedule(this, until);
        }

        long next() {
            return Math.min(gone, Math.min(headBy, firstByteBy));
        }

        @Override
        long expire(long now) {
            if (next() - now > 0) {
                return next();
            }
            if (!answered) {
                metrics.refused(firstByteBy == TimingWheel.NEVER ? "head_deadline" : "silent");
            }
            Channel late = channel;
            if (late != null) {
                var _ = late.close();
            }
            return TimingWheel.NEVER;
        }
    }
}
