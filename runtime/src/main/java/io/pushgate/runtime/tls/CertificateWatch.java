package io.pushgate.runtime.tls;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.telemetry.Meters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Looks at the files of a {@link TlsConfig} and tells when there is something new and good in them.
 * {@link #first} and {@link #refresh} are for one thread.
 */
final class CertificateWatch {
    private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);

    private final String listener;
    private final TlsConfig config;
    private final InstantSource clock;
    private final Counter taken;
    private final Counter refused;
    private volatile Instant notAfter = Instant.MAX;

    /** How the files looked when they were read last, and when they were looked at last. */
    private List<FileStamp> read;

    private List<FileStamp> seen;

    /** Uses what the files hold. */
    @FunctionalInterface
    interface Target {
        void take(TlsMaterial material) throws TlsException;
    }

    /**
     * @param listener names the port in logs and meters
     */
    CertificateWatch(
            String listener, TlsConfig config, InstantSource clock, MeterRegistry registry) {
        this.listener = listener;
        this.config = config;
        this.clock = clock;
        this.read = FileStamp.of(config);
        this.seen = read;
        this.taken = reloads(registry, "ok");
        this.refused = reloads(registry, "refused");
        Meters.gauge(
                registry,
                TlsMeters.CERTIFICATE_EXPIRY,
                () -> Duration.between(clock.instant(), notAfter).toSeconds(),
                "listener",
                listener);
    }

    private Counter reloads(MeterRegistry registry, String result) {
        return Meters.counter(registry, TlsMeters.RELOADS, "listener", listener, "result", result);
    }

    /** What the files hold at the start. */
    TlsMaterial first() throws TlsException {
        TlsMaterial material = TlsMaterial.read(config, clock.instant());
        notAfter = material.notAfter();
        return material;
    }

    /**
     * Hands over what changed on the disk, once it has stayed the same between two calls: files are
     * replaced one after the other. What can't be used is told once. Blocks on the disk.
     */
    void refresh(Target target) {
        List<FileStamp> now = FileStamp.of(config);
        boolean settled = now.equals(seen);
        seen = now;
        if (settled && !now.equals(read)) {
            read = now;
            reload(target);
        }
    }

    private void reload(Target target) {
        try {
            TlsMaterial material = TlsMaterial.read(config, clock.instant());
            target.take(material);
            notAfter = material.notAfter();
            taken.increment();
            log.info(
                    "{}: new connections get the certificate of {}, which is valid until {}",
                    listener,
                    material.subject(),
                    notAfter);
        } catch (TlsException e) {
            refused.increment();
            log.error(
                    "{}: keeping the certificate that is valid until {}, as the new one can't be"
                            + " used: {}",
                    listener,
                    notAfter,
                    e.getMessage());
        }
    }
}
