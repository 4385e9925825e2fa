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
 * HEAD, and {@link LoggersResource}; each request on a virtual thread of its own.
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
    private final LoggersResource loggers;

    /** What goes back to the client. */
    record Answer(int status, String contentType, String body) {
        static Answer json(int status, Object body) throws JsonProcessingException {
            return new Answer(status, "application/json", JSON.writeValueAsString(body));
        }

        static Answer text(int status, String body) {
            return new Answer(status, "text/plain; charset=utf-8", body);
        }
    }

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
        this.loggers = new LoggersResource(config.remoteLogLevels());
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
            Answer answer = answer(exchange, head || method.equals("GET"));
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

    private Answer answer(HttpExchange exchange, boolean reads) {
        String path = exchange.getRequestURI().getPath();
        try {
            if (LoggersResource.owns(path)) {
                return loggers.answer(exchange, path, reads);
            }
            if (!reads) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                return Answer.text(405, "only GET and HEAD\n");
            }
            return switch (path) {
                case "/metrics" ->
                        new Answer(
                                200,
                                "text/plain; version=0.0.4; charset=utf-8",
                                telemetry.scrape());
                case "/health/live" -> Answer.json(200, Map.of("live", true));
                case "/health/ready" -> {
                    Health now = health.get();
                    yield Answer.json(
                            now.isReady() ? 200 : 503,
                            Map.of("ready", now.isReady(), "checks", now.checks()));
                }
                default ->
                        Answer.text(404, "try /metrics, /health/live, /health/ready or /loggers\n");
            };
        } catch (RuntimeException | IOException e) {
            LOG.warn("Request for {} failed", path, e);
            return Answer.text(500, "failed, see the log\n");
        }
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
