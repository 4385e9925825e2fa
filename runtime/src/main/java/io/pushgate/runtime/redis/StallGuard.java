package io.pushgate.runtime.redis;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose server has been asked something and has said nothing at all for too
 * long.
 *
 * <p>A paused process still accepts bytes: TCP sees nothing wrong, and Lettuce keeps every
 * timed-out command in its stack until the answer comes. Closed, the connection refuses commands at
 * once and nothing piles up. Belongs to one channel; all state is its event loop's.
 */
final class StallGuard extends ChannelDuplexHandler {
    private static final Logger log = LoggerFactory.getLogger(StallGuard.class);

    private final long limitNanos;
    private boolean waiting;
    private boolean timerRuns;
    private long waitingSince;

    /**
     * @param limit how long a silence may last
     */
    StallGuard(Duration limit) {
        this.limitNanos = limit.toNanos();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!waiting) {
            waiting = true;
            waitingSince = System.nanoTime();
            if (!timerRuns) {
                timerRuns = true;
                lookAgain(context, limitNanos);
            }
        }
        var _ = context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        waiting = false;
        context.fireChannelRead(message);
    }

    private void lookAgain(ChannelHandlerContext context, long inNanos) {
        var _ = context.executor().schedule(() -> look(context), inNanos, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        timerRuns = false;
        if (!waiting || !context.channel().isActive()) {
            return;
        }
        long left = limitNanos - (System.nanoTime() - waitingSince);
        if (left > 0) {
            timerRuns = true;
            lookAgain(context, left);
        } else {
            log.warn(
                    "{} accepts requests and does not answer, dropping the connection",
                    context.channel().remoteAddress());
            var _ = context.close();
        }
    }
}
