package io.pushgate.console.http;

import io.pushgate.runtime.Ticker;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections that have gone without a whole request head for too long. Jetty's idle timeout
 * begins anew with every byte, so a client that trickles one now and then would stay for ever. Any
 * thread.
 */
final class ConnectionReaper implements Connection.Listener {
    private static final long LOOK_EVERY_MILLIS = 1_000;
    private static final long SERVING = Long.MAX_VALUE;

    private final long idleNanos;
    private final Ticker ticker;

    /** When a connection was opened or answered last; bounded by the limit of connections. */
    private final Map<Connection, Long> freeSince = new ConcurrentHashMap<>();

    ConnectionReaper(Duration idle, Ticker ticker) {
        this.idleNanos = idle.toNanos();
        this.ticker = ticker;
    }

    void start(ScheduledExecutorService timer) {
        var _ =
                timer.scheduleWithFixedDelay(
                        this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    int open() {
        return freeSince.size();
    }

    /** A request's head is complete; the connection is free again when it is answered. */
    void serving(Request request) {
        Connection connection = request.getConnectionMetaData().getConnection();
        if (freeSince.replace(connection, SERVING) != null) {
            Request.addCompletionListener(
                    request, _ -> freeSince.replace(connection, ticker.nanos()));
        }
    }

    /** Of one with TLS only the HTTP connection within counts, which opens at the same time. */
    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection)) {
            freeSince.put(connection, ticker.nanos());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        freeSince.remove(connection);
    }

    void look() {
        long now = ticker.nanos();
        freeSince.forEach(
                (connection, since) -> {
                    if (since != SERVING && now - since > idleNanos) {
                        connection.getEndPoint().close();
                    }
                });
    }
}
