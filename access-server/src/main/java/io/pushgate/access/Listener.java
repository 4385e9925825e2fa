package io.pushgate.access;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.pushgate.runtime.StartupException;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The event loops and the listening socket, by the best transport there is. */
final class Listener implements AutoCloseable {
    private static final int BACKLOG = 4_096;
    private static final int LOW_WATER = 32 * 1024;
    private static final int HIGH_WATER = 64 * 1024;
    private static final int MAX_READ = 16 * 1024;
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final AccessConfig config;
    private final MultiThreadIoEventLoopGroup loops;
    private final MultiThreadIoEventLoopGroup acceptor;
    private final Class<? extends ServerChannel> channelType;
    private final RecvByteBufAllocator reads;
    private final OpenSockets sockets;
    private @Nullable Channel channel;

    /**
     * @param sockets what is closed with it
     * @throws StartupException where the configured transport does not work here
     */
    Listener(AccessConfig config, OpenSockets sockets) throws StartupException {
        this.config = config;
        this.sockets = sockets;
        AccessConfig.Transport transport = choose(config.transport());
        int threads =
                config.eventLoops() > 0
                        ? config.eventLoops()
                        : Runtime.getRuntime().availableProcessors();
        this.channelType =
                switch (transport) {
                    case AUTO, NIO -> NioServerSocketChannel.class;
                    case EPOLL -> EpollServerSocketChannel.class;
                    case IO_URING -> IoUringServerSocketChannel.class;
                };
        this.reads =
                transport == AccessConfig.Transport.IO_URING
                        ? new AdaptiveRecvByteBufAllocator(64, 1024, MAX_READ)
                        : new ReadSizes();
        this.acceptor = group(1, "access-accept", factory(transport));
        this.loops = group(threads, "access-loop", factory(transport));
    }

    private static AccessConfig.Transport choose(AccessConfig.Transport wanted)
            throws StartupException {
        switch (wanted) {
            case AUTO -> {
                return Epoll.isAvailable()
                        ? AccessConfig.Transport.EPOLL
                        : AccessConfig.Transport.NIO;
            }
            case NIO -> {}
            case EPOLL -> check("epoll", Epoll.isAvailable(), Epoll::unavailabilityCause);
            case IO_URING -> check("io_uring", IoUring.isAvailable(), IoUring::unavailabilityCause);
        }
        return wanted;
    }

    private static void check(String name, boolean available, Supplier<Throwable> why)
            throws StartupException {
        if (!available) {
            throw new StartupException(
                    "access.transport: " + name + " does not work here: " + why.get().getMessage());
        }
    }

    private static IoHandlerFactory factory(AccessConfig.Transport transport) {
        return switch (transport) {
            case AUTO, NIO -> NioIoHandler.newFactory();
            case EPOLL -> EpollIoHandler.newFactory();
            case IO_URING -> IoUringIoHandler.newFactory();
        };
    }

    private static MultiThreadIoEventLoopGroup group(
            int threads, String name, IoHandlerFactory factory) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), factory);
    }

    /** The loops that connections are spread over. */
    List<EventExecutor> loops() {
        List<EventExecutor> all = new ArrayList<>();
        loops.forEach(all::add);
        return all;
    }

    /**
     * Listens from now on.
     *
     * @throws StartupException where the address is taken or not of this machine
     */
    void bind(ChannelHandler failures, ChannelHandler initializer)
            throws StartupException, InterruptedException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(acceptor, loops)
                        .channel(channelType)
                        .handler(failures)
                        .childHandler(initializer)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.SO_SNDBUF, config.limits().sendBuffer())
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(LOW_WATER, HIGH_WATER))
                        .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads);
        ChannelFuture bound = bootstrap.bind(config.host(), config.port()).await();
        if (!bound.isSuccess()) {
            throw new StartupException(
                    "port "
                            + config.port()
                            + " of "
                            + config.host()
                            + " cannot be listened on (access.host, access.port): "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        channel = bound.channel();
    }

    /** The port that it listens on, 0 where it does not. */
    int port() {
        Channel open = channel;
        return open != null && open.localAddress() instanceof InetSocketAddress address
                ? address.getPort()
                : 0;
    }

    boolean isListening() {
        Channel open = channel;
        return open != null && open.isActive();
    }

    /** Accepts nothing more; what is open stays. */
    void stopAccepting() {
        Channel open = channel;
        if (open != null) {
            open.close().awaitUninterruptibly();
        }
    }

    /** Closes the listening socket, every connection and the threads; a second or so at most. */
    @Override
    public void close() {
        stopAccepting();
        // A loop that is told to shut down at the wrong instant of its round ends without closing
        // its channels (SingleThreadIoEventLoop.run of Netty 4.2).
        sockets.close(CLOSE_WITHIN);
        var _ = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3_000);
    }
}
