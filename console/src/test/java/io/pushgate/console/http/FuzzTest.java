package io.pushgate.console.http;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pushgate.console.Rig;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Requests that were broken in some way: none may be our fault. {@code -Dfuzz.requests=10000} sends
 * more of them.
 */
class FuzzTest {
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 2_000);
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final List<String> METHODS =
            List.of("GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS", "PATCH", "TRACE", "FOO");

    private final Random random = Seeds.random();
    private final Map<Integer, Integer> statuses = new TreeMap<>();

    @Test
    void noMalformedRequestIsAnsweredWithAFaultOfOurs() throws Exception {
        try (Rig rig =
                new Rig(
                        Map.of(
                                "requests-per-second", "0",
                                "pushes-per-second", "0",
                                "body-deadline", "100ms"))) {
            Lines lines = new Lines(rig.console.port());
            try (lines) {
                for (int i = 0; i < REQUESTS; i++) {
                    byte[] request = request(rig);
                    int status = lines.send(request);
                    statuses.merge(status, 1, Integer::sum);
                    assertThat(status).as("to %s", new String(request, ISO_8859_1)).isLessThan(500);
                }
            }
            // It really came past the door, and most of it not further than it should.
            assertThat(statuses).containsKeys(202, 400, 401, 404, 405, 415);
            assertThat(rig.get("/v1/devices/" + rig.app + "/d").status()).isEqualTo(404);
        }
    }

    private byte[] request(Rig rig) {
        String method = one(METHODS);
        String path =
                one(
                        List.of(
                                "/v1/push",
                                "/v1/push",
                                "/v1/push",
                                "/v1/messages/%s/m%d".formatted(rig.app, random.nextInt(5)),
                                "/v1/devices/%s/d%d".formatted(rig.app, random.nextInt(5)),
                                "/v1/devices/%s/d/session".formatted(rig.app),
                                "/v1/groups/%s/g%d".formatted(rig.app, random.nextInt(5)),
                                "/v1/groups/%s/g/devices/member".formatted(rig.app),
                                "/v1/nodes",
                                "/openapi.json",
                                "/"));
        if (path.equals("/v1/push") && random.nextInt(4) > 0) {
            method = "POST";
        }
        String body = body(rig);
        List<String> headers = new ArrayList<>();
        headers.add("Host: console");
        headers.add("Authorization: Bearer " + (random.nextBoolean() ? rig.key : rig.adminKey));
        headers.add("Content-Type: application/json");
        headers.add("Content-Length: " + body.getBytes(ISO_8859_1).length);
        String head = method + " " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers);
        return switch (random.nextInt(10)) {
            case 0, 1 -> bytes(broken(head) + "\r\n\r\n" + body);
            case 2 -> bytes(head.replace(path, path + "?" + noise(10)) + "\r\n\r\n" + body);
            case 3 -> bytes(head.replace(path, path + "/" + noise(10)) + "\r\n\r\n" + body);
            case 4 -> bytes(head.replace("Bearer ", noise(6)) + "\r\n\r\n" + body);
            case 5 -> bytes(head.replace("application/json", noise(8)) + "\r\n\r\n" + body);
            default -> bytes(head + "\r\n\r\n" + body);
        };
    }

    private String body(Rig rig) {
        String good =
                """
                {"id":"m%d","app":"%s","to":{"device":"d%d"},"data":{"a":[1,2,{"b":"c"}]},"ttl":60}"""
                        .formatted(random.nextInt(5), rig.app, random.nextInt(5));
        return switch (random.nextInt(8)) {
            case 0 -> "";
            case 1 -> broken("[" + good + "," + good + "]");
            case 2 -> "[".repeat(random.nextInt(2000)) + good;
            case 3 -> good.replace("60", "9".repeat(random.nextInt(1, 2000)));
            case 4 -> noise(200);
            case 5 -> good;
            default -> broken(good);
        };
    }

    /** With one to three places cut out, doubled or replaced. */
    private String broken(String text) {
        StringBuilder broken = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0 && !broken.isEmpty(); i--) {
            int from = random.nextInt(broken.length());
            int to = Math.min(broken.length(), from + random.nextInt(1, 12));
            switch (random.nextInt(3)) {
                case 0 -> broken.delete(from, to);
                case 1 -> broken.insert(from, broken.substring(from, to));
                default -> broken.replace(from, to, noise(to - from));
            }
        }
        return broken.toString();
    }

    private String noise(int length) {
        StringBuilder noise = new StringBuilder();
        for (int i = random.nextInt(length) + 1; i > 0; i--) {
            boolean plain = random.nextInt(3) > 0;
            noise.append((char) (plain ? random.nextInt(' ', 127) : random.nextInt(256)));
        }
        return noise.toString();
    }

    private String one(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** A connection for each request: what a broken length leaves of it is not the next one's. */
    private static final class Lines implements AutoCloseable {
        private final int port;
        private Socket socket = new Socket();
        private InputStream in = InputStream.nullInputStream();

        Lines(int port) {
            this.port = port;
        }

        /** The status of the first answer; 0 where the connection was closed without one. */
        int send(byte[] request) throws IOException {
            socket.close();
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            String line = line();
            return line.startsWith("HTTP/1.1 ") ? Integer.parseInt(line.substring(9, 12)) : 0;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            try {
                for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                    line.append((char) b);
                }
            } catch (java.net.SocketException e) {
                return "";
            }
            return line.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
