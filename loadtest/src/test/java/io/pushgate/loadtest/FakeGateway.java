package io.pushgate.loadtest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.pushgate.protocol.ClientFrame;
import io.pushgate.protocol.ClientFrameCodec;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidRequestException;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.ReceiptCodec;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.ServerFrameCodec;
import io.pushgate.protocol.Target;
import io.pushgate.protocol.Topics;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * The whole gateway in one class, with no memory and bad manners on demand: reads {@code
 * push.requests}, sends to the device whose name is its token, receipts what is acked.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What is lost here, the load test finds.
public final class FakeGateway implements AutoCloseable {
    /** What becomes of a message. */
    public enum Fate {
        DELIVER,
        DROP,
        TWICE,
        /** After the next one. */
        LATER
    }

    private record Sent(String id, String device) {}

    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final NavigableMap<Position, Sent> unacked = new ConcurrentSkipListMap<>();
    private final Channel listening;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread;
    private final IntFunction<Fate> fates;
    private volatile boolean closed;
    private int count;
    private long position;
    private List<PushRequest> later = List.of();

    /**
     * @param fates of the n-th message
     */
    public FakeGateway(String bootstrap, IntFunction<Fate> fates) {
        this.fates = fates;
        Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrap, "linger.ms", 0);
        producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
        consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions = List.of(new TopicPartition(Topics.REQUESTS, 0));
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        listening =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(new HttpServerCodec())
                                                .addLast(new HttpObjectAggregator(4096))
                                                .addLast(new Door());
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .syncUninterruptibly()
                        .channel();
        thread = Thread.ofPlatform().name("fake-gateway").start(this::run);
    }

    public URI url() {
        return URI.create(
                "ws://127.0.0.1:" + ((InetSocketAddress) listening.localAddress()).getPort());
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
        listening.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        producer.close();
    }

    private void run() {
        try (consumer) {
            while (!closed) {
                consumer.poll(Duration.ofMillis(20)).forEach(record -> take(record.value()));
            }
        }
    }

    private void take(byte[] value) {
        PushRequest request;
        try {
            request = PushRequestCodec.decode(value);
        } catch (InvalidRequestException e) {
            throw new AssertionError(e);
        }
        Fate fate = fates.apply(count++);
        switch (fate) {
            case DROP -> {}
            case LATER -> later = List.of(request);
            case DELIVER, TWICE -> {
                send(request, request.id());
                later.forEach(held -> send(held, held.id()));
                later = List.of();
                if (fate == Fate.TWICE) {
                    send(request, request.id() + ".again");
                }
            }
        }
    }

    private void send(PushRequest request, String id) {
        if (!(request.to() instanceof Target.Device(String device, _))) {
            throw new AssertionError("not for a device: " + request);
        }
        Position at = new Position(1, ++position);
        unacked.put(at, new Sent(id, device));
        Channel channel = channels.get(device);
        if (channel == null) {
            throw new AssertionError(device + " is not here");
        }
        String data = new String(request.data(), UTF_8);
        send(channel, new ServerFrame.Push(at, id, 1, data, false, null));
    }

    private static void send(Channel channel, ServerFrame frame) {
        channel.writeAndFlush(
                new TextWebSocketFrame(Unpooled.wrappedBuffer(ServerFrameCodec.encode(frame))));
    }

    private void acked(String device, Position upTo) {
        unacked.headMap(upTo, true).entrySet().stream()
                .filter(entry -> entry.getValue().device().equals(device))
                .forEach(
                        entry -> {
                            unacked.remove(entry.getKey());
                            String id = entry.getValue().id();
                            Receipt receipt =
                                    Receipt.of(
                                            id,
                                            new DeviceKey("load", device),
                                            Receipt.Status.DELIVERED,
                                            1);
                            producer.send(
                                    new ProducerRecord<>(
                                            Topics.RECEIPTS,
                                            id.getBytes(US_ASCII),
                                            ReceiptCodec.encode(receipt)));
                        });
    }

    private final class Door extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            String device = request.headers().get("authorization").substring("Bearer ".length());
            ctx.pipeline().addLast(new Frames(device));
            new WebSocketServerHandshakerFactory(request.uri(), "pushgate.v1.json", false)
                    .newHandshaker(request)
                    .handshake(ctx.channel(), request)
                    .addListener(
                            _ -> {
                                channels.put(device, ctx.channel());
                                send(ctx.channel(), new ServerFrame.Welcome("s-1", 30_000, 64));
                            });
        }
    }

    private final class Frames extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        private final String device;

        Frames(String device) {
            this.device = device;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame)
                throws Exception {
            if (ClientFrameCodec.decode(frame.text()) instanceof ClientFrame.Ack ack) {
                acked(device, ack.position());
            }
        }
    }
}
