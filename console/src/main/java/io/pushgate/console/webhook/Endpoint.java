package io.pushgate.console.webhook;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Posts signed bodies to one URL. Redirects are not followed: the body is for who was configured.
 */
final class Endpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Endpoint.class);

    private final WebhookConfig config;
    private final Signature signature;
    private final InstantSource clock;
    private final HttpClient client;

    Endpoint(WebhookConfig config, InstantSource clock) {
        this.config = config;
        this.signature = new Signature(config.secret());
        this.clock = clock;
        this.client =
                HttpClient.newBuilder()
                        .connectTimeout(config.timeout())
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
    }

    /** Whether it was answered with a 2xx; blocks for as long as a call may take. */
    boolean post(byte[] body) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(config.url()))
                        .header("Content-Type", "application/json")
                        .header("User-Agent", "pushgate")
                        .header(
                                Signature.HEADER,
                                signature.of(clock.instant().getEpochSecond(), body))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        CompletableFuture<HttpResponse<Void>> call =
                client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            // The client's own timeout ends with the head: a body that never does would stay.
            int status = call.get(config.timeout().toMillis(), MILLISECONDS).statusCode();
            if (status / 100 == 2) {
                return true;
            }
            log.warn("webhook of app {} answered {}", config.app(), status);
        } catch (ExecutionException e) {
            log.warn("webhook of app {} does not answer: {}", config.app(), reason(e));
        } catch (TimeoutException e) {
            log.warn("webhook of app {} did not answer in time", config.app());
        } finally {
            call.cancel(true);
        }
        return false;
    }

    /** What went wrong; messages of the JDK's client name no more than host and port. */
    private static String reason(ExecutionException e) {
        return String.valueOf(e.getCause());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
