package io.pushgate.access;

import io.pushgate.access.auth.Keys;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.runtime.config.RedisConfig;

import org.awaitility.Awaitility;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The process of {@link DescriptorsTest}: takes every file descriptor there is, and sees what the
 * node makes of it. Ends with an exception where it does not do well.
 */
final class DescriptorsProbe {
    /** More than the descriptors that others give back meanwhile. */
    private static final int WAITING = 20;

    private DescriptorsProbe() {}

    /**
     * @param arguments the transport, and the URI of Redis
     */
    public static void main(String[] arguments) throws Exception {
        DeviceKey held = new DeviceKey("shop", "fd-" + System.nanoTime());
        RedisConfig redis =
                new RedisConfig(arguments[1], RedisConfig.Mode.AUTO, Duration.ofSeconds(3));
        Map<String, String> settings = Map.of("transport", arguments[0]);
        try (AccessNode node = AccessNode.start(redis, AccessNode.noKafka(), settings);
                RawClient client = node.open(held)) {
            loadClasses(node, client);
            List<SocketChannel> waiting = new ArrayList<>();
            for (int i = 0; i < WAITING; i++) {
                waiting.add(SocketChannel.open());
            }
            List<FileInputStream> hoard = exhaust();
            for (SocketChannel channel : waiting) {
                channel.connect(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(
                            () -> {
                                hoard.addAll(exhaust()); // others give some back now and then
                                return node.count(AccessMeters.ACCEPT_FAILURES) >= 3;
                            });
            client.send("{\"t\":\"ping\"}");
            check(client.next().equals(new ServerFrame.Pong()), "others are unaffected");
            for (FileInputStream file : hoard) {
                file.close();
            }
            // Paused between tries, it has failed a few times, not thousands.
            check(node.count(AccessMeters.ACCEPT_FAILURES) < 100, "it spins");
            for (SocketChannel channel : waiting) {
                check(handshake(channel).equals("HTTP/1.1 101"), "it does not accept again");
            }
        }
        System.exit(0);
    }

    /** From folders, as here, each class takes a descriptor to load; from a jar it does not. */
    private static void loadClasses(AccessNode node, RawClient client) throws IOException {
        client.send("{\"t\":\"ping\"}");
        check(client.next().equals(new ServerFrame.Pong()), "it works at first");
        try (RawClient other = node.open(new DeviceKey("shop", "fd-" + System.nanoTime()))) {
            other.send("[]");
            check(other.next() instanceof ServerFrame.Failure, "it refuses rubbish");
            check(other.closeCodes().equals(List.of(1008)), "it closes");
        }
    }

    private static List<FileInputStream> exhaust() {
        List<FileInputStream> files = new ArrayList<>();
        try {
            while (true) {
                files.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException full) {
            return files;
        }
    }

    private static String handshake(SocketChannel channel) throws IOException {
        String token = Keys.token("shop", "fd-late-" + System.nanoTime());
        channel.write(
                ByteBuffer.wrap(
                        RawClient.request("/v1/ws?token=" + token)
                                .getBytes(StandardCharsets.ISO_8859_1)));
        ByteBuffer answer = ByteBuffer.allocate(12);
        int read = 0;
        while (answer.hasRemaining() && read >= 0) {
            read = channel.read(answer);
        }
        return new String(answer.array(), StandardCharsets.ISO_8859_1);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
