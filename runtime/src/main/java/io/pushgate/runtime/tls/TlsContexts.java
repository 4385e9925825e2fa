package io.pushgate.runtime.tls;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.telemetry.Meters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.InstantSource;

import javax.net.ssl.SSLException;

/**
 * TLS for one port of ours over Netty: hands out the handler of each new connection, by the
 * certificate that is in its files now. Connections that are open keep the one they began with.
 *
 * <p>TLS is done by BoringSSL where its native library works, else by the JDK. Sessions are resumed
 * by tickets. Handlers may be asked for by any thread, {@link #refresh} is for one.
 */
public final class TlsContexts implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TlsContexts.class);

    /** As long as a ticket's key is taken. */
    private static final long SESSION_SECONDS = 2 * TicketKeys.LIFETIME.toSeconds();

    /** Sessions of TLS 1.2 clients that take no tickets; beyond it the oldest goes. */
    private static final int MAX_SESSIONS = 20_480;

    private final String listener;
    private final TlsConfig config;
    private final InstantSource clock;
    private final SslProvider provider;
    private final TicketKeys tickets;
    private final CertificateWatch watch;
    private final Counter shaken;
    private final Counter failed;
    private final Counter closed;
    private SslContext context;

    private TlsContexts(
            String listener,
            TlsConfig config,
            InstantSource clock,
            MeterRegistry registry,
            SslProvider provider)
            throws TlsException {
        this.listener = listener;
        this.config = config;
        this.clock = clock;
        this.provider = provider;
        this.tickets = new TicketKeys(clock.instant());
        this.watch = new CertificateWatch(listener, config, clock, registry);
        this.shaken = handshakes(registry, "ok");
        this.failed = handshakes(registry, "failed");
        this.closed = handshakes(registry, "closed");
        TlsMaterial material = watch.first();
        this.context = build(material);
        log.info(
                "{}: TLS by {}, with the certificate of {}, which is valid until {}",
                listener,
                provider == SslProvider.JDK ? "the JDK" : OpenSsl.versionString(),
                material.subject(),
                material.notAfter());
    }

    private Counter handshakes(MeterRegistry registry, String result) {
        return Meters.counter(
                registry, TlsMeters.HANDSHAKES, "listener", listener, "result", result);
    }

    /**
     * Reads the files.
     *
     * @param listener names the port in logs and meters, such as {@code access}
     * @param config with a certificate
     * @throws StartupException if the certificate or the key can't be used
     */
    public static TlsContexts open(
            String listener, TlsConfig config, InstantSource clock, MeterRegistry registry)
            throws StartupException {
        SslProvider provider = SslProvider.OPENSSL_REFCNT;
        if (!OpenSsl.isAvailable()) {
            log.info(
                    "BoringSSL does not work here, the JDK's TLS takes its place: {}",
                    String.valueOf(OpenSsl.unavailabilityCause()));
            provider = SslProvider.JDK;
        }
        return open(listener, config, clock, registry, provider);
    }

    static TlsContexts open(
            String listener,
            TlsConfig config,
            InstantSource clock,
            MeterRegistry registry,
            SslProvider provider)
            throws StartupException {
        try {
            return new TlsContexts(listener, config, clock, registry, provider);
        } catch (TlsException e) {
            throw new StartupException(listener + ".tls: " + e.getMessage(), e);
        }
    }

    /**
     * The TLS of one new connection, to be put into its pipeline.
     *
     * @param atMost how long the handshake may take before the connection is closed
     */
    public SslHandler newHandler(ByteBufAllocator allocator, Duration atMost) {
        SslHandler handler;
        synchronized (this) {
            // The handler holds on to the context: it may be let go right after.
            handler = context.newHandler(allocator);
        }
        handler.setHandshakeTimeoutMillis(atMost.toMillis());
        var _ = handler.handshakeFuture().addListener(this::count);
        return handler;
    }

    private void count(Future<?> handshake) {
        Throwable cause = handshake.cause();
        if (cause == null) {
            shaken.increment();
        } else if (cause instanceof ClosedChannelException) {
            closed.increment();
        } else {
            failed.increment();
            log.debug("{}: a TLS handshake failed: {}", listener, cause.toString());
        }
    }

    /**
     * Takes over what changed on the disk, once it has stayed the same between two calls. What
     * can't be used leaves everything as it was, and is told once. To be called about once a
     * second; blocks on the disk.
     */
    public void refresh() {
        if (tickets.rotate(clock.instant())) {
            synchronized (this) {
                giveTickets(context);
            }
        }
        watch.refresh(material -> swap(build(material)));
    }

    private synchronized void swap(SslContext fresh) {
        SslContext old = context;
        context = fresh;
        ReferenceCountUtil.release(old);
    }

    private SslContext build(TlsMaterial material) throws TlsException {
        SslContextBuilder builder =
                SslContextBuilder.forServer(material.key(), material.chain())
                        .sslProvider(provider)
                        .protocols(config.minVersion().andNewer())
                        .sessionTimeout(SESSION_SECONDS)
                        .sessionCacheSize(MAX_SESSIONS)
                        .clientAuth(
                                switch (config.clientCertificates()) {
                                    case NONE -> ClientAuth.NONE;
                                    case OPTIONAL -> ClientAuth.OPTIONAL;
                                    case REQUIRED -> ClientAuth.REQUIRE;
                                });
        if (!material.clientCa().isEmpty()) {
            builder.trustManager(material.clientCa());
        }
        try {
            SslContext built = builder.build();
            giveTickets(built);
            return built;
        } catch (SSLException | IllegalArgumentException e) {
            throw new TlsException("the certificate is not taken: " + e.getMessage(), e);
        }
    }

    private void giveTickets(SslContext to) {
        if (to.sessionContext() instanceof OpenSslSessionContext sessions) {
            tickets.applyTo(sessions);
        }
    }

    /** Hands out no more; connections that are open go on. */
    @Override
    public synchronized void close() {
        ReferenceCountUtil.release(context);
    }
}
