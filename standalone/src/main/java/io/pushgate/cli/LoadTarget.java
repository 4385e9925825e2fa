package io.pushgate.cli;

import io.pushgate.standalone.SigningKeys;
import io.pushgate.standalone.SigningKeys.DeviceClaims;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Options of the load tests of a gateway: where it is, and whose devices they play. */
final class LoadTarget {
    private static final Duration TOKEN_LIFE = Duration.ofHours(25);

    @Option(
            names = "--app",
            defaultValue = "load",
            paramLabel = "APP",
            description = "The app of the devices (default: ${DEFAULT-VALUE}).")
    String app = "";

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Kafka to publish to (default: that of the running standalone).")
    @Nullable String kafka;

    @Option(
            names = "--drain",
            defaultValue = "30s",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "How long to wait for the last pushes (default: ${DEFAULT-VALUE}).")
    Duration drain = Duration.ZERO;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder of the standalone to load.")
    private @Nullable Path data;

    @Option(names = "--key", paramLabel = "FILE", description = "JWKS file whose key signs.")
    private @Nullable Path key;

    Whereabouts whereabouts() {
        return new Whereabouts(System.getenv(), data);
    }

    /** The key that devices' tokens are signed with. */
    SigningKeys keys(Whereabouts whereabouts) throws Exception {
        return whereabouts.key(key);
    }

    /** A device's token, for the longest run there may be. */
    String token(SigningKeys keys, String device, @Nullable String user) {
        return keys.sign(
                new DeviceClaims(app, device, user, "load", Set.of()),
                Instant.now().plus(TOKEN_LIFE));
    }
}
