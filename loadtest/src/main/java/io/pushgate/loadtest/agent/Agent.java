package io.pushgate.loadtest.agent;

import com.sun.management.UnixOperatingSystemMXBean;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.control.ControlLink;
import io.pushgate.loadtest.control.ControlMessage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Holds devices for a coordinator, one coordinator at a time: a second one is refused until the
 * first is gone. All of it runs on one thread: start one agent for each core that is to spare.
 */
public final class Agent implements AutoCloseable {
    /** Files that a process needs besides its connections. */
    private static final int OTHER_FILES = 250;

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final long CLOSING_SECONDS = 5;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final boolean epoll = Epoll.isAvailable();
    private final Channel listening;
    private @Nullable AgentSession session; // Belongs to the loop.

    private Agent(InetSocketAddress listen) throws LoadTestException {
        group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("load-agent", true),
                        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        loop = group.next();
        var bound =
                new ServerBootstrap()
                        .group(group)
                        .channel(
                                epoll
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .childHandler(ControlLink.initializer(Door::new))
                        .bind(listen)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            var _ = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new LoadTestException(
                    "cannot listen on " + listen + ": " + bound.cause().getMessage(),
                    bound.cause());
        }
        listening = bound.channel();
    }

    /**
     * Listens for coordinators until it is closed. The control connection is plain: whoever can
     * reach it can have this machine make connections.
     *
     * @param listen port 0 takes a free one
     * @throws LoadTestException if it can't listen there
     */
    public static Agent start(InetSocketAddress listen) throws LoadTestException {
        return new Agent(listen);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    @Override
    public void close() {
        var _ = listening.close().awaitUninterruptibly();
        var _ =
                loop.submit(
                                () -> {
                                    if (session != null) {
                                        session.close();
                                    }
                                })
                        .awaitUninterruptibly();
        boolean _ =
                group.shutdownGracefully(0, CLOSING_SECONDS, TimeUnit.SECONDS)
                        .awaitUninterruptibly(CLOSING_SECONDS, TimeUnit.SECONDS);
    }

    /** How many connections this process may have. */
    static int maxConnections() {
        long files =
                ManagementFactory.getOperatingSystemMXBean()
                                instanceof UnixOperatingSystemMXBean unix
                        ? unix.getMaxFileDescriptorCount()
                        : Integer.MAX_VALUE;
        return Math.clamp(files - OTHER_FILES, 0, Integer.MAX_VALUE);
    }

    /** The same for every process of a machine, and of no other one that runs now. */
    public static String machine() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unknown) {
                return "unknown";
            }
        }
    }

    /** Who has come in, and not said hello yet. */
    private final class Door implements ControlLink.Peer {
        private @Nullable AgentSession mine;

        @Override
        public void message(ControlLink link, ControlMessage message) {
            if (mine != null) {
                mine.take(message);
            } else if (!(message instanceof ControlMessage.Hello(int version))) {
                link.refuse("say hello first");
            } else if (version != ControlMessage.VERSION) {
                link.refuse(
                        "this agent speaks version %d, not %d"
                                .formatted(ControlMessage.VERSION, version));
            } else if (session != null) {
                link.refuse("busy with the coordinator at " + session.link().remote());
            } else {
                mine = new AgentSession(loop, epoll, link);
                session = mine;
                link.send(
                        new ControlMessage.Ready(
                                machine(), ProcessHandle.current().pid(), maxConnections()));
            }
        }

        @Override
        public void ended(ControlLink link, String why) {
            if (mine != null) {
                mine.close();
                mine = null;
                session = null;
            }
        }
    }
}
