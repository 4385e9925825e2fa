package io.pushgate.mailbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.telemetry.Meters;

/** What compression comes to; any thread. */
final class PayloadCounters {
    private final Counter plain;
    private final Counter zstd;
    private final Counter dictionary;
    private final Counter bytesTaken;
    private final Counter bytesStored;

    PayloadCounters(MeterRegistry registry) {
        plain = Meters.counter(registry, MailboxMeters.PAYLOADS, "form", "plain");
        zstd = Meters.counter(registry, MailboxMeters.PAYLOADS, "form", "zstd");
        dictionary = Meters.counter(registry, MailboxMeters.PAYLOADS, "form", "dictionary");
        bytesTaken = Meters.counter(registry, MailboxMeters.PAYLOAD_BYTES, "when", "taken");
        bytesStored = Meters.counter(registry, MailboxMeters.PAYLOAD_BYTES, "when", "stored");
    }

    /**
     * @param taken the payload's bytes before
     */
    void stored(int taken, PayloadCodec.Stored stored) {
        if (!stored.compressed()) {
            plain.increment();
        } else if (stored.dictionary() == 0) {
            zstd.increment();
        } else {
            dictionary.increment();
        }
        bytesTaken.increment(taken);
        bytesStored.increment(stored.bytes().length);
    }
}
