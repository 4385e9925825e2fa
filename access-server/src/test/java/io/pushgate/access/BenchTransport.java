package io.pushgate.access;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;

import java.util.Locale;

/** How sockets are driven in {@link BroadcastBench}; the clients' always by epoll. */
enum BenchTransport {
    EPOLL,
    IO_URING;

    /** By its word in the configuration. */
    static BenchTransport of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    IoHandlerFactory handlers() {
        return this == EPOLL ? EpollIoHandler.newFactory() : IoUringIoHandler.newFactory();
    }

    Class<? extends ServerSocketChannel> serverSocket() {
        return this == EPOLL ? EpollServerSocketChannel.class : IoUringServerSocketChannel.class;
    }

    static IoHandlerFactory clientHandlers() {
        return EpollIoHandler.newFactory();
    }

    static Class<? extends SocketChannel> clientSocket() {
        return EpollSocketChannel.class;
    }
}
