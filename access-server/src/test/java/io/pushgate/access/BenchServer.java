package io.pushgate.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrameCodec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Scanner;

/**
 * A server of {@link BroadcastBench} as a process: an access node over a real Redis, or plain
 * Netty.
 */
final class BenchServer {
    private static final LogKey LOG = LogKey.all("bench");

    private BenchServer() {}

    /**
     * @param args {@code gateway} or {@code plain}, transport, event loops. Prints {@code port
     *     <n>}; then a line {@code send <count> <bytes>} on standard input broadcasts, answered by
     *     {@code sent <ticker reading before the first>}
     */
    public static void main(String[] args) throws Exception {
        BenchTransport transport = BenchTransport.of(args[1]);
        int threads = Integer.parseInt(args[2]);
        if (args[0].equals("plain")) {
            PlainServer server = new PlainServer(transport, threads);
            System.out.println("port " + server.port());
            serve((count, payload) -> plain(server, count, payload));
        } else {
            AccessNode node =
                    AccessNode.start(
                            Map.of(
                                    "transport",
                                    args[1],
                                    "event-loops",
                                    args[2],
                                    "limits.accept-rate",
                                    "0",
                                    "limits.max-handshakes",
                                    "100000"));
            System.out.println("port " + node.port());
            serve((count, payload) -> gateway(node, count, payload));
        }
        System.exit(0);
    }

    private interface Sender {
        void send(int count, byte[] payload) throws Exception;
    }

    private static void serve(Sender sender) throws Exception {
        try (Scanner commands = new Scanner(System.in, US_ASCII)) {
            while (commands.hasNext()) {
                commands.next(); // send
                int count = commands.nextInt();
                byte[] payload =
                        ("\"" + "x".repeat(commands.nextInt() - 2) + "\"").getBytes(US_ASCII);
                long began = System.nanoTime();
                sender.send(count, payload);
                System.out.println("sent " + began);
            }
        }
    }

    private static void plain(PlainServer server, int count, byte[] payload) {
        for (int i = 0; i < count; i++) {
            long now = System.currentTimeMillis();
            Message message = new Message("bench-" + i, now, Long.MAX_VALUE, false, false, payload);
            server.broadcast(ServerFrameCodec.encodePush(LOG.log(), new Position(now, i), message));
        }
    }

    /** As purger and dispatcher do: into the log, and when that is done out to the node. */
    private static void gateway(AccessNode node, int count, byte[] payload) throws Exception {
        List<Broadcast> appended = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            appended.add(node.append(LOG, "bench-" + System.nanoTime(), payload));
            node.publish(appended.getLast(), node);
        }
    }
}
