package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;

import java.util.List;

/**
 * Closes a connection that begins with a PROXY header and comes from nobody who may send one; else
 * it goes, with the first bytes handed on.
 */
final class ProxyHeaderGuard extends ByteToMessageDecoder {
    private final AccessMetrics metrics;

    ProxyHeaderGuard(AccessMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        switch (HAProxyMessageDecoder.detectProtocol(in).state()) {
            case NEEDS_MORE_DATA -> {}
            case INVALID -> ctx.pipeline().remove(this);
            case DETECTED -> {
                in.skipBytes(in.readableBytes());
                if (ctx.channel().isActive()) {
                    metrics.addressRefused("proxy_header");
                    metrics.refused("proxy_header");
                    var _ = ctx.close();
                }
            }
        }
    }
}
