package io.pushgate.console.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.tls.ReloadingSslContext;
import io.pushgate.runtime.tls.TlsConfig;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLParameters;

/** TLS for the HTTP server's port, with the certificate that is in its files now. */
final class SecurePort {
    private static final Logger log = LoggerFactory.getLogger(SecurePort.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final ReloadingSslContext tls;

    private SecurePort(ReloadingSslContext tls) {
        this.tls = tls;
    }

    /**
     * Reads the certificate and looks at it once a second from now on, on the timer.
     *
     * @throws StartupException if the certificate or the key can't be used
     */
    static SecurePort open(
            TlsConfig config,
            InstantSource clock,
            ScheduledExecutorService timer,
            MeterRegistry registry)
            throws StartupException {
        SecurePort port =
                new SecurePort(ReloadingSslContext.open("console", config, clock, registry));
        var _ =
                timer.scheduleWithFixedDelay(
                        port::refresh,
                        LOOK_EVERY.toMillis(),
                        LOOK_EVERY.toMillis(),
                        TimeUnit.MILLISECONDS);
        return port;
    }

    /** What a connection begins with; HTTP follows. */
    SslConnectionFactory connections() {
        SSLParameters parameters = tls.parameters();
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setSslContext(tls.context());
        context.setIncludeProtocols(parameters.getProtocols());
        context.setWantClientAuth(parameters.getWantClientAuth());
        context.setNeedClientAuth(parameters.getNeedClientAuth());
        context.setRenegotiationAllowed(false);
        SslConnectionFactory connections =
                new SslConnectionFactory(context, HttpVersion.HTTP_1_1.asString());
        // It would refuse hosts that the certificate doesn't name, such as the address that a probe
        // uses.
        connections.setEnsureSecureRequestCustomizer(false);
        return connections;
    }

    private void refresh() {
        try {
            tls.refresh();
        } catch (RuntimeException e) {
            // A periodic task that throws is never run again.
            log.warn("keeping the certificate as it was", e);
        }
    }
}
