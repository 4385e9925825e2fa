package io.pushgate.cli;

import io.pushgate.standalone.SigningKeys;
import io.pushgate.standalone.SigningKeys.DeviceClaims;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

@Command(
        name = "token",
        header = "Prints a token for each device, one a line.",
        description =
                "%nSigned with the development key of the standalone that runs here, or of --data.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate token --app shop --device pos-7",
            "  ./pushgate token --app shop --device pos-7 --device pos-8 --user ann --expires 12h",
            "  TOKEN=$(./pushgate token --app shop --device pos-7 --groups north,till)"
        })
final class TokenCommand extends Subcommand {
    static final String DEFAULT_PLATFORM = "cli";

    @Option(
            names = "--app",
            required = true,
            paramLabel = "APP",
            description = "The app the devices belong to.")
    private String app = "";

    @Option(
            names = "--device",
            required = true,
            paramLabel = "DEVICE",
            description = "A device; may be given several times.")
    private List<String> devices = List.of();

    @Option(names = "--user", paramLabel = "USER", description = "Who uses them.")
    private @Nullable String user;

    @Option(
            names = "--platform",
            paramLabel = "NAME",
            defaultValue = DEFAULT_PLATFORM,
            description = "What they are: pos, pc, android … (default: ${DEFAULT-VALUE}).")
    private String platform = DEFAULT_PLATFORM;

    @Option(
            names = "--groups",
            split = ",",
            paramLabel = "GROUP",
            description = "Groups they are in.")
    private Set<String> groups = new LinkedHashSet<>();

    @Option(
            names = "--expires",
            defaultValue = "1h",
            converter = Durations.class,
            paramLabel = "TIME",
            description =
                    "How long the token is good: 10s, 5m, 1h, 7d (default: ${DEFAULT-VALUE}).")
    private Duration expires = Duration.ofHours(1);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data folder whose development key signs.")
    private @Nullable Path data;

    @Option(names = "--key", paramLabel = "FILE", description = "JWKS file whose key signs.")
    private @Nullable Path key;

    @Override
    public Integer call() throws Exception {
        NameOptions names = new NameOptions(line());
        names.app("--app", app);
        devices.forEach(device -> names.address("--device", device));
        names.label("--platform", platform);
        if (user != null) {
            names.address("--user", user);
        }
        groups.forEach(group -> names.address("--groups", group));
        SigningKeys keys = new Whereabouts(System.getenv(), data).key(key);
        Instant until = Instant.now().plus(expires);
        PrintWriter out = out();
        for (String device : devices) {
            out.println(keys.sign(new DeviceClaims(app, device, user, platform, groups), until));
        }
        out.flush();
        return 0;
    }
}
