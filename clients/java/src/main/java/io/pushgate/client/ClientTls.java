package io.pushgate.client;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;

import java.nio.file.Path;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** The TLS of a client's connections. */
final class ClientTls {
    private ClientTls() {}

    /** Trusts what the JDK trusts. */
    static SslContext byDefault() {
        try {
            return SslContextBuilder.forClient().build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JDK cannot do TLS: " + e.getMessage(), e);
        }
    }

    /** Trusts the authorities of a PEM file. */
    static SslContext trusting(Path pem) {
        try {
            return SslContextBuilder.forClient().trustManager(pem.toFile()).build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("cannot use " + pem + ": " + e.getMessage(), e);
        }
    }

    /**
     * As the given one says, and with names checked, which a bare {@code SSLContext} leaves out.
     */
    static SslContext of(SSLContext context) {
        SslContext wrapped =
                new JdkSslContext(
                        context,
                        true,
                        null,
                        IdentityCipherSuiteFilter.INSTANCE,
                        ApplicationProtocolConfig.DISABLED,
                        ClientAuth.NONE,
                        null,
                        false);
        return new DelegatingSslContext(wrapped) {
            @Override
            protected void initEngine(SSLEngine engine) {
                SSLParameters parameters = engine.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                engine.setSSLParameters(parameters);
            }
        };
    }
}
