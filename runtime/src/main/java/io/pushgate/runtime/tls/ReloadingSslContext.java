package io.pushgate.runtime.tls;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.StartupException;

import java.security.GeneralSecurityException;
import java.time.InstantSource;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * TLS for one port whose server takes a {@code javax.net.ssl} context, such as the console's: one
 * context for good, in which new connections find the certificate that is in its files now. The
 * authorities of client certificates are those of the start. The context may be used by any thread,
 * {@link #refresh} is for one.
 */
public final class ReloadingSslContext {
    private final TlsConfig config;
    private final CertificateWatch watch;
    private final CurrentKey key;
    private final SSLContext context;

    private ReloadingSslContext(
            String listener, TlsConfig config, InstantSource clock, MeterRegistry registry)
            throws TlsException {
        this.config = config;
        this.watch = new CertificateWatch(listener, config, clock, registry);
        TlsMaterial material = watch.first();
        this.key = new CurrentKey(material);
        try {
            this.context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {key}, material.trust(), null);
        } catch (GeneralSecurityException e) {
            throw new TlsException("the certificate is not taken: " + e.getMessage(), e);
        }
    }

    /**
     * Reads the files.
     *
     * @param listener names the port in logs and meters, such as {@code console}
     * @param config with a certificate
     * @throws StartupException if the certificate or the key can't be used
     */
    public static ReloadingSslContext open(
            String listener, TlsConfig config, InstantSource clock, MeterRegistry registry)
            throws StartupException {
        try {
            return new ReloadingSslContext(listener, config, clock, registry);
        } catch (TlsException e) {
            throw new StartupException(listener + ".tls: " + e.getMessage(), e);
        }
    }

    /** The one context of the port. */
    public SSLContext context() {
        return context;
    }

    /** Versions, and what is asked of clients, for each connection. */
    public SSLParameters parameters() {
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(config.minVersion().andNewer().toArray(String[]::new));
        switch (config.clientCertificates()) {
            case NONE -> {}
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        return parameters;
    }

    /** As {@link TlsContexts#refresh}. */
    public void refresh() {
        watch.refresh(key::replace);
    }
}
