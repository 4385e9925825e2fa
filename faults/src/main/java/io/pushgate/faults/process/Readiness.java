package io.pushgate.faults.process;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** What a role's management port says. */
public final class Readiness {
    private static final int TIMEOUT_MILLIS = 2_000;

    private Readiness() {}

    /** Whether {@code /health/ready} answers 200. */
    public static boolean isReady(int managementPort) {
        try {
            HttpURLConnection connection = open(managementPort, "/health/ready");
            int status = connection.getResponseCode();
            connection.disconnect();
            return status == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The body of {@code /health/ready}, or why there is none. */
    public static String describe(int managementPort) {
        try {
            HttpURLConnection connection = open(managementPort, "/health/ready");
            int status = connection.getResponseCode();
            try (var in =
                    status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return in == null
                        ? "HTTP " + status
                        : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            }
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The sum of all series of a meter, 0 where there is none or nobody answers. */
    public static double metric(int managementPort, String name) {
        try (var in = open(managementPort, "/metrics").getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static HttpURLConnection open(int port, String path) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        return connection;
    }
}
