package io.pushgate.console.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.console.ConsoleMeters;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.telemetry.Meters;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP server: Jetty's core, one virtual thread a request, with a bound on everything that a
 * client may take. {@link #start}, {@link #drain} and {@link #close} belong to one thread.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
    private static final int THREADS = 16;
    private static final int MAX_HEADERS = 8 * 1024;
    private static final long LOOK_EVERY_MILLIS = 20;

    private final HttpSettings settings;
    private final MeterRegistry registry;
    private final Front front;
    private final ConnectionReaper reaper;
    private final Server server;
    private final ServerConnector connector;
    private final ExecutorService virtual =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("console-", 0).factory());
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("console-timer").factory());

    public HttpServer(
            HttpSettings settings,
            Router router,
            KeyGate gate,
            RequestRate rate,
            Ticker ticker,
            MeterRegistry registry) {
        this.settings = settings;
        this.registry = registry;
        this.reaper = new ConnectionReaper(settings.idle(), ticker);
        this.front = new Front(router, gate, rate, reaper, settings, ticker, registry);
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("console-http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(virtual);
        this.server = new Server(threads);
        this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http()));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(settings.idle().toMillis());
        connector.addBean(reaper);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.maxConnections(), connector));
        server.setHandler(front);
        server.setErrorHandler(new ErrorAnswers());
        Meters.gauge(registry, ConsoleMeters.CONNECTIONS, reaper::open);
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADERS);
        http.setHttpCompliance(HttpCompliance.RFC9110);
        http.setUriCompliance(UriCompliance.DEFAULT);
        return http;
    }

    /**
     * Listens from now on.
     *
     * @throws StartupException if the port is taken, the address is not of this machine, or the
     *     certificate can't be used
     */
    public void start() throws StartupException {
        if (settings.tls().enabled()) {
            connector.addFirstConnectionFactory(
                    SecurePort.open(settings.tls(), InstantSource.system(), timer, registry)
                            .connections());
        }
        try {
            server.start();
            reaper.start(timer);
        } catch (IOException e) {
            throw new StartupException(
                    "the console can't listen on %s:%d (%s); choose another with --console-port"
                            .formatted(settings.host(), settings.port(), e.getMessage()),
                    e);
        } catch (Exception e) {
            throw new StartupException("the console's HTTP server did not start: " + e, e);
        }
    }

    /** The port that it listens on, also where 0 was asked for; -1 while it does not. */
    public int port() {
        return connector.getLocalPort();
    }

    public boolean isListening() {
        return connector.isRunning();
    }

    /**
     * Takes no more connections and refuses further requests; waits for those that are served.
     *
     * @return whether all were in time
     */
    public boolean drain(Deadline deadline) throws InterruptedException {
        front.refuse();
        var _ = connector.shutdown();
        while (front.inFlight() > 0 && !deadline.expired()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
        return front.inFlight() == 0;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) {
            log.warn("the HTTP server did not stop cleanly", e);
        }
        virtual.shutdownNow();
    }
}
