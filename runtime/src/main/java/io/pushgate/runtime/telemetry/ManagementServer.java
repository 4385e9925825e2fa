package io.pushgate.runtime.telemetry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.pushgate.runtime.Health;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.config.ManagementConfig;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves {@code /metrics}, {@code /health/live} and {@code /health/ready} over HTTP, to GET and
 * HEAD; each request on a virtual thread of its own.
 *
 * <p>Live means that this thread could answer; ready is 200 or 503 by the checks, which the JSON
 * body lists. At most 200 connections, 10 s for a request to come in and 30 s for its answer to be
 * read, so that a stalled scraper holds nothing for long.
 */
public final class ManagementServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BACKLOG = 64;

    static {
        // The JDK's server has no other way to set these; what the operator said stays.
        setUnlessSet("jdk.httpserver.maxConnections", "200");
        setUnlessSet("sun.net.httpserver.maxReqTime", "10");
        setUnlessSet("sun.net.httpserver.maxRspTime", "30");
    }

    private final HttpServer server;
    private final ExecutorService executor;
    private final Telemetry telemetry;
    private final Supplier<Health> health;

    private record Answer(int status, String contentType, String body) {}

    /**
     * Listens from now on.
     *
     * @param health asked by the threads that serve; has to return at once
     * @throws StartupException if the port is taken or the address is not of this machine
     */
    public ManagementServer(ManagementConfig config, Telemetry telemetry, Supplier<Health> health)
            throws StartupException {
        this.telemetry = telemetry;
        this.health = health;
        this.server = listen(config);
        this.executor =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("management-", 0).factory());
        server.setExecutor(executor);
        server.createContext("/", this::serve);
        server.start();
    }

    /** The port that it listens on, also where 0 was asked for. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private static HttpServer listen(ManagementConfig config) throws StartupException {
        InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
        if (address.isUnresolved()) {
            throw new StartupException("Management host " + config.host() + " is unknown");
        }
        String where = config.host() + ":" + config.port();
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (BindException e) {
            throw new StartupException(
                    "Management port "
                            + config.port()
                            + " can't be opened on "
                            + config.host()
                            + " ("
                            + e.getMessage()
                            + "); choose another with --management-port",
                    e);
        } catch (IOException e) {
            throw new StartupException(
                    "Management server can't listen on " + where + ": " + e.getMessage(), e);
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            boolean head = method.equals("HEAD");
            Answer answer;
            if (head || method.equals("GET")) {
                answer = answer(exchange.getRequestURI().getPath());
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer = text(405, "only GET and HEAD\n");
            }
            byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            if (head) {
                exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
                exchange.sendResponseHeaders(answer.status, -1);
            } else {
                exchange.sendResponseHeaders(answer.status, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private Answer answer(String path) {
        try {
            return switch (path) {
                case "/metrics" ->
                        new Answer(
                                200,
                                "text/plain; version=0.0.4; charset=utf-8",
                                telemetry.scrape());
                case "/health/live" -> json(200, Map.of("live", true));
                case "/health/ready" -> {
                    Health now = health.get();
                    yield json(
                            now.isReady() ? 200 : 503,
                            Map.of("ready", now.isReady(), "checks", now.checks()));
                }
                default -> text(404, "try /metrics, /health/live or /health/ready\n");
            };
        } catch (RuntimeException | JsonProcessingException e) {
            LOG.warn("Request for {} failed", path, e);
            return text(500, "failed, see the log\n");
        }
    }

    private static Answer json(int status, Map<String, ?> body) throws JsonProcessingException {
        return new Answer(status, "application/json", JSON.writeValueAsString(body));
    }

    private static Answer text(int status, String body) {
        return new Answer(status, "text/plain; charset=utf-8", body);
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
