package io.pushgate.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pushgate.access.auth.Keys;

import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The devices of {@link BroadcastBench}: a process that opens connections, counts the frames that
 * come in and acks those of a log as the Java client does: each sixteenth, or at a random moment
 * within two seconds.
 */
final class BenchClients {
    private static final int ACK_EVERY = 16;
    private static final long ACK_WITHIN_MILLIS = 2_000;
    private static final byte[] POSITION = "\"pos\":\"".getBytes(US_ASCII);

    private final AtomicLong open = new AtomicLong();
    private final AtomicLong frames = new AtomicLong();
    private volatile long lastNanos;

    /**
     * @param args port, connections, how many to open at a time. Then a line {@code await <frames>}
     *     on standard input is answered by {@code got <ticker reading of the last>}
     */
    public static void main(String[] args) throws Exception {
        BenchClients clients = new BenchClients();
        clients.connect(
                Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        System.out.println("connected");
        try (java.util.Scanner commands = new java.util.Scanner(System.in, US_ASCII)) {
            while (commands.hasNext()) {
                commands.next(); // await
                long expected = commands.nextLong();
                while (clients.frames.get() < expected) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                System.out.println("got " + clients.lastNanos);
            }
        }
        System.exit(0);
    }

    private void connect(int port, int connections, int atOnce) throws InterruptedException {
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(new MultiThreadIoEventLoopGroup(1, BenchTransport.clientHandlers()))
                        .channel(BenchTransport.clientSocket());
        Semaphore opening = new Semaphore(atOnce);
        for (int i = 0; i < connections; i++) {
            opening.acquire();
            String token = Keys.token("bench", "d" + i);
            bootstrap
                    .clone()
                    .handler(
                            new ChannelInitializer<>() {
                                @Override
                                protected void initChannel(Channel channel) {
                                    channel.pipeline().addLast(new Device(token, opening));
                                }
                            })
                    .connect("127.0.0.1", port)
                    .addListener(
                            (ChannelFuture connected) -> {
                                if (!connected.isSuccess()) {
                                    fail(connected.cause());
                                }
                            });
        }
        while (open.get() < connections) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static void fail(Throwable cause) {
        System.out.println("failed " + cause);
        Runtime.getRuntime().halt(1);
    }

    /** Reads the head of the answer, then frames. */
    private final class Device extends ChannelInboundHandlerAdapter {
        private final String token;
        private final Semaphore opening;
        private ByteBuf rest = Unpooled.EMPTY_BUFFER;
        private boolean shaken;
        private boolean scheduled;
        private int unacked;
        private String position = "";

        Device(String token, Semaphore opening) {
            this.token = token;
            this.opening = opening;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            String request = RawClient.request("/v1/ws?cursors=&token=" + token);
            var _ = ctx.writeAndFlush(Unpooled.copiedBuffer(request, US_ASCII), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object input) {
            ByteBuf in = (ByteBuf) input;
            if (rest.isReadable()) {
                in = Unpooled.wrappedBuffer(rest, in);
            }
            rest = Unpooled.EMPTY_BUFFER;
            int pushes = read(in);
            if (in.isReadable()) {
                rest = Unpooled.copiedBuffer(in);
            }
            in.release();
            if (pushes > 0) {
                lastNanos = System.nanoTime();
                frames.addAndGet(pushes);
                unacked += pushes;
                ackLater(ctx);
            }
        }

        private int read(ByteBuf in) {
            if (!shaken) {
                int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '{');
                String head = in.toString(US_ASCII);
                if (!head.contains("\r\n\r\n")) {
                    return 0;
                }
                if (!head.startsWith("HTTP/1.1 101")) {
                    fail(new IllegalStateException(head));
                }
                in.readerIndex(end < 0 ? in.writerIndex() : end - 2);
                shaken = true;
                open.incrementAndGet();
                opening.release();
            }
            int pushes = 0;
            while (in.readableBytes() >= 4) {
                int at = in.readerIndex();
                int length = in.getUnsignedByte(at + 1);
                int header = length == 126 ? 4 : 2;
                if (length == 126) {
                    length = in.getUnsignedShort(at + 2);
                }
                if (in.readableBytes() < header + length) {
                    break;
                }
                // {"t":"push",...: others are a welcome or an error
                if (in.getByte(at + header + 6) == 'p') {
                    pushes++;
                    int from = at + header + 12 + POSITION.length;
                    int quote = in.indexOf(from, at + header + length, (byte) '"');
                    position = in.toString(from, quote - from, US_ASCII);
                } else if (in.getByte(at + header + 6) != 'w') {
                    fail(new IllegalStateException(in.toString(US_ASCII)));
                }
                in.skipBytes(header + length);
            }
            return pushes;
        }

        private void ackLater(ChannelHandlerContext ctx) {
            if (unacked >= ACK_EVERY) {
                ack(ctx);
            } else if (!scheduled) {
                scheduled = true;
                var _ =
                        ctx.executor()
                                .schedule(
                                        () -> {
                                            scheduled = false;
                                            ack(ctx);
                                        },
                                        ThreadLocalRandom.current().nextLong(ACK_WITHIN_MILLIS),
                                        TimeUnit.MILLISECONDS);
            }
        }

        private void ack(ChannelHandlerContext ctx) {
            if (unacked == 0) {
                return;
            }
            unacked = 0;
            byte[] frame =
                    RawClient.frame(
                            0x80 | RawClient.TEXT,
                            true,
                            ("{\"t\":\"ack\",\"pos\":\"" + position + "\",\"log\":\"all\"}")
                                    .getBytes(US_ASCII));
            var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(frame), ctx.voidPromise());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail(new IllegalStateException("a connection was closed"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(cause);
        }
    }
}
