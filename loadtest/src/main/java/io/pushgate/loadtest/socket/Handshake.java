package io.pushgate.loadtest.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;

/** Asks for the upgrade, and gives its place to a {@link Link} when it is granted. */
final class Handshake extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final WebSocketClientHandshaker handshaker;
    private final Session session;
    private boolean over;

    Handshake(WebSocketClientHandshaker handshaker, Session session) {
        this.handshaker = handshaker;
        this.session = session;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        var _ = handshaker.handshake(ctx.channel());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
        if (over) {
            return;
        }
        if (!response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            over = true;
            session.refused(
                    response.status().code(), response.headers().get(HttpHeaderNames.RETRY_AFTER));
            var _ = ctx.close();
            return;
        }
        try {
            handshaker.finishHandshake(ctx.channel(), response);
        } catch (WebSocketHandshakeException e) {
            fail(ctx, String.valueOf(e.getMessage()));
            return;
        }
        over = true;
        Link link = new Link(session);
        // Frames are written as bytes.
        ctx.pipeline().remove(Connector.FRAME_ENCODER);
        ctx.pipeline().replace(this, Connector.LINK, link);
        session.opened(link);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, "the connection ended during the handshake");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, String.valueOf(cause.getMessage()));
    }

    private void fail(ChannelHandlerContext ctx, String why) {
        if (!over) {
            over = true;
            session.failed(why);
            var _ = ctx.close();
        }
    }
}
