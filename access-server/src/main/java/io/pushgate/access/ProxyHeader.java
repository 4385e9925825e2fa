package io.pushgate.access;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;

import java.net.InetAddress;

/**
 * Takes the one PROXY header of a balancer's connection, which Netty's decoder has read, and goes.
 * A connection without a header, or with one that is not of version 2, is closed: whose it is
 * cannot be said.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    private final AccessMetrics metrics;
    private boolean refused;

    ProxyHeader(AccessMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object input) {
        if (!(input instanceof HAProxyMessage header)) {
            ReferenceCountUtil.release(input); // comes after a header that was refused
            return;
        }
        try {
            if (isTaken(ctx, header)) {
                ctx.pipeline().remove(this);
            } else {
                refuse(ctx);
            }
        } finally {
            header.release();
        }
    }

    private static boolean isTaken(ChannelHandlerContext ctx, HAProxyMessage header) {
        if (header.protocolVersion() != HAProxyProtocolVersion.V2) {
            return false;
        }
        if (header.command() == HAProxyCommand.LOCAL) {
            return true; // the balancer itself, to see how we are
        }
        return switch (header.proxiedProtocol()) {
            case UNKNOWN -> true;
            case TCP4, TCP6 -> {
                InetAddress client =
                        NetUtil.createInetAddressFromIpAddressString(header.sourceAddress());
                if (client != null) {
                    ClientAddress.name(ctx.channel(), client);
                }
                yield client != null;
            }
            case UDP4, UDP6, UNIX_STREAM, UNIX_DGRAM -> false;
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof HAProxyProtocolException) {
            refuse(ctx); // the decoder has closed the connection by now
        } else {
            var _ = ctx.close(); // the socket broke
        }
    }

    private void refuse(ChannelHandlerContext ctx) {
        if (!refused) {
            refused = true;
            metrics.addressRefused("proxy_header");
            metrics.refused("proxy_header");
            var _ = ctx.close();
        }
    }
}
