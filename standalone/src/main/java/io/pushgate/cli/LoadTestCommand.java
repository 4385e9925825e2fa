package io.pushgate.cli;

import io.pushgate.loadtest.LoadTest;
import io.pushgate.loadtest.LoadTestConfig;
import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.LoadTestResult;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.standalone.Errors;
import io.pushgate.standalone.SigningKeys;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

@Command(
        name = "loadtest",
        header =
                "Connects many devices, pushes to them at a steady rate, and accounts for each push.",
        description =
                "%nSend times follow a schedule that does not wait for answers. Fails where a push"
                        + " was lost, doubled or out of order. Without a subcommand the devices are"
                        + " in this process, and use the client library.",
        subcommands = {
            LoadTestRunCommand.class,
            LoadTestAgentCommand.class,
            LoadTestPeerCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate loadtest --connections 5000 --rate 2000 --seconds 30",
            "  ./pushgate loadtest --url ws://a1:8080 --url ws://a2:8080 --kafka k1:9092 --key keys.json"
        })
final class LoadTestCommand extends Subcommand {
    private static final int FAILED = 1;

    @Mixin private LoadTarget target = new LoadTarget();

    @Option(
            names = "--connections",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Devices, each with one connection (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--rate",
            defaultValue = "500",
            paramLabel = "N",
            description = "Pushes a second over all devices (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            paramLabel = "N",
            description = "How long to push (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--payload",
            defaultValue = "512",
            paramLabel = "BYTES",
            description = "Size of a push (default: ${DEFAULT-VALUE}).")
    private int payload;

    @Option(
            names = "--ramp",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Connections begun a second (default: ${DEFAULT-VALUE}).")
    private int ramp;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "Access server; may be given several times (default: the running standalone).")
    private List<String> urls = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result here too.")
    private @Nullable Path json;

    @Override
    public Integer call() throws Exception {
        Whereabouts whereabouts = target.whereabouts();
        List<String> addresses = urls.isEmpty() ? List.of(whereabouts.url(null)) : urls;
        KafkaConfig kafka = whereabouts.kafka(target.kafka, null);
        SigningKeys keys = target.keys(whereabouts);
        LoadTestConfig config =
                config(
                        addresses,
                        kafka.bootstrapServers(),
                        device -> target.token(keys, device, null));
        try {
            LoadTestResult result = LoadTest.run(config, System.out);
            return result.failed() ? FAILED : 0;
        } catch (LoadTestException e) {
            throw new CommandFailure(Errors.reason(e), e);
        }
    }

    private LoadTestConfig config(
            List<String> addresses, String bootstrapServers, Function<String, String> tokens) {
        try {
            return new LoadTestConfig(
                    addresses.stream().map(URI::create).toList(),
                    bootstrapServers,
                    tokens,
                    connections,
                    rate,
                    seconds,
                    payload,
                    ramp,
                    target.app,
                    target.drain,
                    json);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(Errors.reason(e), e);
        }
    }
}
