package io.pushgate.client;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Event loops for clients: epoll where the machine has it, NIO elsewhere. */
public final class EventLoops {
    private EventLoops() {}

    /**
     * A group of daemon threads to share between clients; thousands fit on one thread. The caller
     * shuts it down, after the clients are closed.
     *
     * @param name of the threads
     */
    public static EventLoopGroup create(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory(name, true),
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /** The kind of socket that runs on the loop. */
    static Class<? extends SocketChannel> socketOf(EventLoop loop) {
        boolean epoll = loop instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class);
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }
}
