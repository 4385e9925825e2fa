package io.pushgate.cli;

import io.pushgate.standalone.DataFolder;
import io.pushgate.standalone.PushgateConfig;
import io.pushgate.standalone.Standalone;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

@Command(
        name = "standalone",
        header = "Runs everything in one process, with its own Redis and Kafka.",
        description =
                "%nReady in seconds; Ctrl-C drains and stops. Without --data it keeps its state in"
                        + " a temporary folder that goes at the end.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate standalone",
            "  ./pushgate standalone --data ~/pushgate-data",
            "  ./pushgate standalone --port 0 --console-port 0 --management-port 0 --kafka-port 0"
                    + " --redis-port 0"
        })
final class StandaloneCommand extends Subcommand {
    @Mixin private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keeps everything here; start again on it after any end.")
    private @Nullable Path data;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where devices connect; 0 for any free one (default: 8080).")
    private @Nullable Integer port;

    @Option(
            names = "--console-port",
            paramLabel = "PORT",
            description = "The HTTP API and the page; 0 for any free one (default: 8081).")
    private @Nullable Integer consolePort;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            description = "Port of its Kafka; 0 for any free one (default: 9092).")
    private @Nullable Integer kafkaPort;

    @Option(
            names = "--redis-port",
            paramLabel = "PORT",
            description = "Port of its Redis; 0 for any free one (default: 6379).")
    private @Nullable Integer redisPort;

    @Override
    public Integer call() throws Exception {
        PushgateConfig loaded = load();
        ConsoleProgress progress = new ConsoleProgress(err());
        DataFolder folder = DataFolder.open(loaded.data());
        System.setProperty(
                Logging.FILE_PROPERTY, folder.path().resolve(Logging.FILE_NAME).toString());
        // The first logger looks for that file.
        Termination termination = Termination.install();
        try (Standalone standalone = start(loaded, folder, progress)) {
            Duration took =
                    Duration.ofMillis(
                            System.currentTimeMillis()
                                    - ManagementFactory.getRuntimeMXBean().getStartTime());
            ReadyScreen.print(out(), standalone, took);
            termination.await();
            say("draining; Ctrl-C again stops at once");
            standalone.drain();
        }
        say("stopped");
        return 0;
    }

    private static Standalone start(
            PushgateConfig loaded, DataFolder folder, ConsoleProgress progress) throws Exception {
        try {
            return Standalone.start(loaded, folder, System.getenv(), progress);
        } finally {
            progress.done();
        }
    }

    private PushgateConfig load() throws Exception {
        Map<String, @Nullable Object> flags = new HashMap<>();
        flags.put("data", data);
        flags.put("access.port", port);
        flags.put("console.port", consolePort);
        flags.put("standalone.kafka-port", kafkaPort);
        flags.put("standalone.redis-port", redisPort);
        PushgateConfig loaded = config.load(flags);
        if (loaded.limitsOrigins()) {
            return loaded;
        }
        // So that the line for the browser's console works on whatever page it is pasted.
        flags.put("access.origin-allowed", "*");
        return config.load(flags);
    }
}
