package io.pushgate.faults.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Reads single meters of a role; any thread. */
public final class Metrics {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private Metrics() {}

    /**
     * The sum of all samples with the name, 0 where there is none or the role does not answer.
     *
     * @param name as Prometheus has it, such as {@code pushgate_purger_chunks_total}
     */
    public static double sum(RoleProc role, String name) throws InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + role.managementPort() + "/metrics");
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
