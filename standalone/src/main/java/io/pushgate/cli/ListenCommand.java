package io.pushgate.cli;

import io.pushgate.client.AckMode;
import io.pushgate.client.PushgateClient;
import io.pushgate.client.PushgateClientBuilder;
import io.pushgate.standalone.SigningKeys;
import io.pushgate.standalone.SigningKeys.DeviceClaims;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;

@Command(
        name = "listen",
        header = "Connects as a device, prints each push as one JSON line, and acks it.",
        description =
                "%nReconnects by itself. Ends after --count pushes, on Ctrl-C, or when the gateway"
                        + " says that coming back is pointless.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate listen --app shop --device pos-7",
            "  ./pushgate listen --app shop --device pos-7 --count 1",
            "  ./pushgate listen --app shop --device pos-7 --url wss://push.example.org --token"
                    + " \"$TOKEN\""
        })
final class ListenCommand extends Subcommand {
    private static final int INTERRUPTED = 130;
    private static final Duration TOKEN_LIFE = Duration.ofHours(24);

    @Option(names = "--app", required = true, paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(
            names = "--device",
            required = true,
            paramLabel = "DEVICE",
            description = "The device to connect as.")
    private String device = "";

    @Option(names = "--user", paramLabel = "USER", description = "Who uses the device.")
    private @Nullable String user;

    @Option(
            names = "--platform",
            paramLabel = "NAME",
            defaultValue = TokenCommand.DEFAULT_PLATFORM,
            description = "What the device is (default: ${DEFAULT-VALUE}).")
    private String platform = TokenCommand.DEFAULT_PLATFORM;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "ws:// or wss:// address (default: that of the running standalone).")
    private @Nullable String url;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM file with the authorities to trust for wss:// (default: the JDK's).")
    private @Nullable Path ca;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "Ends after so many pushes (default: never).")
    private @Nullable Long count;

    @Option(
            names = "--token",
            paramLabel = "JWT",
            description = "Connects with this token instead of a self-made one.")
    private @Nullable String token;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder of the standalone to talk to.")
    private @Nullable Path data;

    @Option(names = "--key", paramLabel = "FILE", description = "JWKS file whose key signs.")
    private @Nullable Path key;

    @Override
    public Integer call() throws Exception {
        NameOptions names = new NameOptions(line());
        names.app("--app", app);
        names.address("--device", device);
        names.label("--platform", platform);
        if (user != null) {
            names.address("--user", user);
        }
        if (count != null && count < 1) {
            throw wrongUsage("--count is 1 or more");
        }
        Whereabouts whereabouts = new Whereabouts(System.getenv(), data);
        String address = whereabouts.url(url);
        Supplier<String> tokens = tokens(whereabouts);
        Termination termination = Termination.install();
        PushPrinter printer = new PushPrinter(out(), err(), count == null ? Long.MAX_VALUE : count);
        try (PushgateClient client = client(address, tokens, printer)) {
            client.start();
            printer.say("connecting to " + address + " as " + app + "/" + device);
            return switch (printer.await()) {
                case PushPrinter.End.Counted() -> 0;
                case PushPrinter.End.Failed(String reason) -> throw new CommandFailure(reason);
            };
        } catch (InterruptedException e) {
            if (termination.isAsked()) {
                return INTERRUPTED;
            }
            throw e;
        }
    }

    private Supplier<String> tokens(Whereabouts whereabouts) throws Exception {
        String given = token;
        if (given != null) {
            return () -> given;
        }
        SigningKeys keys = whereabouts.key(key);
        DeviceClaims claims = new DeviceClaims(app, device, user, platform, Set.of());
        return () -> keys.sign(claims, Instant.now().plus(TOKEN_LIFE));
    }

    private PushgateClient client(String address, Supplier<String> tokens, PushPrinter printer) {
        PushgateClientBuilder builder = PushgateClient.builder();
        if (ca != null) {
            try {
                builder.trustedAuthorities(ca);
            } catch (IllegalArgumentException e) {
                throw wrongUsage("--ca takes a PEM file: " + e.getMessage(), e);
            }
        }
        try {
            return builder.url(address)
                    .tokenSupplier(tokens)
                    .listener(printer)
                    .ackMode(AckMode.MANUAL)
                    .clientVersion("cli-" + VersionCommand.number())
                    .build();
        } catch (IllegalArgumentException e) {
            throw wrongUsage("--url takes a ws:// or wss:// address: " + e.getMessage(), e);
        }
    }
}
