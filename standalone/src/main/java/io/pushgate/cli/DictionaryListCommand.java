package io.pushgate.cli;

import io.pushgate.mailbox.DictionaryVersion;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

@Command(
        name = "list",
        header = "Lists the dictionaries of an app, the oldest first.",
        footerHeading = "%nExamples:%n",
        footer = "  ./pushgate dictionary list --app shop")
final class DictionaryListCommand extends Subcommand {
    @Option(names = "--app", required = true, paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = "Redis to look at (default: that of the running standalone).")
    private @Nullable String redis;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with the section redis.")
    private @Nullable Path config;

    @Override
    public Integer call() throws Exception {
        new NameOptions(line()).app("--app", app);
        try (DictionaryClient client =
                DictionaryClient.open(
                        new Whereabouts(System.getenv(), null).redis(redis, config))) {
            List<DictionaryVersion> versions = client.list(app);
            if (versions.isEmpty()) {
                say("app " + app + " has no dictionary; ./pushgate dictionary train makes one");
            }
            versions.forEach(version -> print(line(version)));
        }
        return 0;
    }

    private static String line(DictionaryVersion version) {
        String state =
                switch (version.state()) {
                    case WAITING -> "in use from " + time(version.from());
                    case CURRENT -> "in use since " + time(version.from());
                    case KEPT -> "kept until " + time(version.until());
                };
        return "version %d  id %d  %,d bytes from %,d payloads  %s"
                .formatted(
                        version.version(), version.id(), version.bytes(), version.samples(), state);
    }

    static String time(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
