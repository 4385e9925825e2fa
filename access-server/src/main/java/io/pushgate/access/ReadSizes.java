package io.pushgate.access;

import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * How much is read from a socket at a time: the same each time, so that all sockets of an event
 * loop share the one object that Netty else has for each of them. That object holds the state of
 * one turn of reading and a loop reads from one socket at a time, by epoll and NIO; by io_uring it
 * reads from all at once.
 */
final class ReadSizes implements RecvByteBufAllocator {
    /** Most heads of a handshake, and any usual frame; what is larger comes in several turns. */
    private static final int BYTES = 2 * 1024;

    private final RecvByteBufAllocator fixed = new FixedRecvByteBufAllocator(BYTES);

    @SuppressWarnings("deprecation") // the interface still says so
    private final FastThreadLocal<Handle> ofLoop =
            new FastThreadLocal<>() {
                @Override
                protected Handle initialValue() {
                    return fixed.newHandle();
                }
            };

    @Override
    @SuppressWarnings("deprecation") // the interface still says so
    public Handle newHandle() {
        return ofLoop.get();
    }
}
