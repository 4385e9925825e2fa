package io.pushgate.access;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;

/**
 * Keeps the listening socket alive when accepting fails, as when descriptors run out: without a
 * pause the loop would spin, and whatever escaped here could end it. Stands in the pipeline of the
 * listening channel, before Netty's acceptor, which would pause for a second.
 *
 * <p>Nothing here loads a class or opens a file at the time of the failure, when neither may work.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long PAUSE_MILLIS = 100;
    private static final long LOG_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AccessMetrics metrics;
    private final NodeClock clock;
    private long quietUntil;
    private boolean pausing;

    AcceptFailures(AccessMetrics metrics, NodeClock clock) {
        this.metrics = metrics;
        this.clock = clock;
        this.quietUntil = clock.nanos();
        metrics.acceptFailures.increment(0);
        log.debug("connections that cannot be accepted are tried again after {} ms", PAUSE_MILLIS);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        metrics.acceptFailures.increment();
        if (pausing) {
            return;
        }
        pausing = true;
        ctx.channel().config().setAutoRead(false);
        var _ =
                ctx.channel()
                        .eventLoop()
                        .schedule(() -> resume(ctx), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        long now = clock.nanos();
        if (now - quietUntil >= 0) {
            quietUntil = now + LOG_EVERY_NANOS;
            log.warn("cannot accept connections: {}", cause.toString());
        }
    }

    private void resume(ChannelHandlerContext ctx) {
        pausing = false;
        ctx.channel().config().setAutoRead(true);
    }
}
