package io.pushgate.runtime.tls;

import io.pushgate.runtime.telemetry.MeterName;

/** What a {@link TlsContexts} counts, each by {@code listener}. */
public enum TlsMeters implements MeterName {
    CERTIFICATE_EXPIRY(
            "pushgate.tls.certificate.expiry",
            "Seconds until the first certificate of the chain in use runs out"),
    RELOADS("pushgate.tls.reloads", "Changed certificates by what became of them: ok or refused"),
    HANDSHAKES("pushgate.tls.handshakes", "TLS handshakes by how they ended: ok, failed or closed");

    private final String meterName;
    private final String description;

    TlsMeters(String meterName, String description) {
        this.meterName = meterName;
        this.description = description;
    }

    @Override
    public String meterName() {
        return meterName;
    }

    @Override
    public String description() {
        return description;
    }
}
