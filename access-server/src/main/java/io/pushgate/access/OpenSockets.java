package io.pushgate.access;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Every open socket of a node, those in the handshake included: counted in and out, and closed with
 * the node. Any thread.
 */
final class OpenSockets {
    private final Admission admission;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    /** One for all of them, and the only listener of each: Netty keeps that without a list. */
    private final ChannelFutureListener forget;

    private volatile boolean closed;

    OpenSockets(Admission admission) {
        this.admission = admission;
        this.forget =
                done -> {
                    open.remove(done.channel());
                    admission.closed();
                };
    }

    /** Takes in a new one; false where it has to be closed, as there are too many. */
    boolean add(Channel socket) {
        boolean admitted = admission.opened();
        open.add(socket);
        socket.closeFuture().addListener(forget);
        if (closed) {
            var _ = socket.close();
        }
        return admitted;
    }

    /**
     * Closes them all, and each that comes later at once; blocks until they are, so long at most.
     */
    void close(Duration most) {
        closed = true;
        List<ChannelFuture> closing = new ArrayList<>();
        for (Channel socket : open) {
            closing.add(socket.close());
        }
        Deadline deadline = Deadline.in(most, Ticker.system());
        for (ChannelFuture one : closing) {
            one.awaitUninterruptibly(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
