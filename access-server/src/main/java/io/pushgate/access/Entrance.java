package io.pushgate.access;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.pushgate.runtime.net.Cidrs;
import io.pushgate.runtime.tls.TlsContexts;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;

/**
 * What stands before HTTP in the pipeline of a connection, first to last: {@code proxy-decoder,
 * proxy-header} of a balancer or {@code proxy-guard} of anybody else, where balancers are
 * configured; {@code tls}, where a certificate is.
 */
final class Entrance {
    /** Bytes of what a balancer tells beyond addresses, which we don't read. */
    private static final int MAX_TLV_BYTES = 1024;

    private final Cidrs balancers;
    private final @Nullable TlsContexts tls;
    private final Duration handshakeAtMost;
    private final AccessMetrics metrics;

    Entrance(AccessConfig config, @Nullable TlsContexts tls, AccessMetrics metrics) {
        this.balancers = Cidrs.parse(config.proxies().proxyProtocol());
        this.tls = tls;
        this.handshakeAtMost = config.limits().headerDeadline();
        this.metrics = metrics;
    }

    void addTo(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        if (!balancers.isEmpty()) {
            InetAddress peer = ClientAddress.peer(channel);
            if (peer != null && balancers.contains(peer)) {
                pipeline.addLast(
                        PipelineNames.PROXY_DECODER,
                        new HAProxyMessageDecoder(MAX_TLV_BYTES, true));
                pipeline.addLast(PipelineNames.PROXY_HEADER, new ProxyHeader(metrics));
            } else {
                pipeline.addLast(PipelineNames.PROXY_GUARD, new ProxyHeaderGuard(metrics));
            }
        }
        if (tls != null) {
            pipeline.addLast(PipelineNames.TLS, tls.newHandler(channel.alloc(), handshakeAtMost));
        }
    }
}
