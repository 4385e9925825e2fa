package io.pushgate.cli;

import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.control.Shape;
import io.pushgate.loadtest.machine.Processes;
import io.pushgate.loadtest.report.HtmlReport;
import io.pushgate.loadtest.report.JsonReport;
import io.pushgate.loadtest.report.TextReport;
import io.pushgate.loadtest.run.Coordinator;
import io.pushgate.loadtest.run.RunConfig;
import io.pushgate.loadtest.run.RunResult;
import io.pushgate.loadtest.socket.Sources;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.standalone.Errors;
import io.pushgate.standalone.SigningKeys;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

@Command(
        name = "run",
        header = "Coordinates load agents: more connections than one process can have.",
        description =
                "%nConnects, publishes by a schedule that does not wait for answers, accounts for each"
                        + " message at each device, samples the processes of the gateway on this"
                        + " machine. Fails where a push was lost, doubled or out of order, or lacks its"
                        + " receipt. A rate of 0 only holds the connections. Ctrl-C ends it with a"
                        + " report of what it has.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate loadtest run --local-agents 2 --connections 10000 --rate 1000 --seconds 20",
            "  ./pushgate loadtest run --agents a:7400,b:7400 --url ws://n1:8080,ws://n2:8080"
                    + " --kafka k1:9092 --key keys.json --connections 200000 --rate 10000"
                    + " --report run.html"
        })
final class LoadTestRunCommand extends Subcommand {
    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;

    @Mixin private LoadTarget target = new LoadTarget();

    @ArgGroup(multiplicity = "1")
    private Agents agents = new Agents();

    static final class Agents {
        @Option(
                names = "--agents",
                split = ",",
                converter = HostPort.class,
                paramLabel = "HOST:PORT",
                description = "Where agents listen.")
        List<InetSocketAddress> addresses = List.of();

        @Option(
                names = "--local-agents",
                paramLabel = "N",
                description = "Starts so many agents on this machine, for this run.")
        int local;
    }

    @Option(
            names = "--url",
            split = ",",
            paramLabel = "URL",
            description = "Access servers, ws://host:port (default: the running standalone).")
    private List<String> urls = List.of();

    @Option(
            names = "--connections",
            defaultValue = "10000",
            paramLabel = "N",
            description = "Devices, each with one connection (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--rate",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Pushes a second over all devices (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            paramLabel = "N",
            description = "How long to push (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--shape",
            defaultValue = "unicast",
            paramLabel = "SHAPE",
            description =
                    "unicast: to one device; user: to all devices of a user; mixed: one in ten to a"
                            + " user (default: ${DEFAULT-VALUE}).")
    private Shape shape = Shape.UNICAST;

    @Option(
            names = "--devices-per-user",
            defaultValue = "3",
            paramLabel = "N",
            description = "For the shapes user and mixed (default: ${DEFAULT-VALUE}).")
    private int devicesPerUser;

    @Option(
            names = "--size",
            defaultValue = "512",
            paramLabel = "BYTES",
            description = "Size of a push's data (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--ramp",
            defaultValue = "2000",
            paramLabel = "N",
            description = "Connections begun a second, by all agents (default: ${DEFAULT-VALUE}).")
    private int ramp;

    @Option(
            names = "--sources",
            split = ",",
            paramLabel = "ADDRESS",
            description =
                    "Local addresses that the agents connect from, in turn (default: as many loopback"
                            + " addresses as it takes, for servers elsewhere any).")
    private List<String> sources = List.of();

    @Option(
            names = "--pids",
            split = ",",
            paramLabel = "NAME=PID",
            description =
                    "Processes of this machine to sample (default: the gateway's, Redis and Kafka, by"
                            + " their command lines).")
    private List<String> pids = List.of();

    @Option(
            names = "--receipts",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Demands and accounts for receipts (default: on).")
    private boolean receipts;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes charts, as HTML.")
    private @Nullable Path report;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result, as JSON.")
    private @Nullable Path json;

    @Override
    public Integer call() throws Exception {
        Whereabouts whereabouts = target.whereabouts();
        List<String> addresses = urls.isEmpty() ? List.of(whereabouts.url(null)) : urls;
        List<String> from = Sources.choose(sources, connections, addresses);
        RunConfig config = config(addresses, from, kafka(whereabouts), target.keys(whereabouts));
        warn(from, addresses);
        List<Processes.Watched> watched = WatchedPids.of(this, pids);
        Termination _ = Termination.install();
        try (LocalAgents started = LocalAgents.start(agents.local)) {
            List<InetSocketAddress> all = new ArrayList<>(agents.addresses);
            all.addAll(started.addresses());
            RunResult result = Coordinator.run(config, all, watched, System.err);
            TextReport.lines(result).forEach(this::print);
            if (json != null) {
                JsonReport.write(json, result);
            }
            if (report != null) {
                HtmlReport.write(report, result);
            }
            if (result.interrupted()) {
                return INTERRUPTED;
            }
            return result.failed() ? FAILED : 0;
        } catch (LoadTestException e) {
            throw new CommandFailure(Errors.reason(e), e);
        }
    }

    private KafkaConfig kafka(Whereabouts whereabouts) throws Exception {
        return rate == 0 && target.kafka == null && !urls.isEmpty()
                ? new KafkaConfig("", 1, (short) 1, Map.of()) // It only holds.
                : whereabouts.kafka(target.kafka, null);
    }

    private void warn(List<String> from, List<String> addresses) {
        long machines =
                agents.addresses.stream().map(InetSocketAddress::getHostString).distinct().count();
        String warning = Sources.warning(from, Math.max(1, (int) machines), connections, addresses);
        if (warning != null) {
            say("pushgate: " + warning);
        }
    }

    private RunConfig config(
            List<String> addresses, List<String> from, KafkaConfig kafka, SigningKeys keys) {
        try {
            return new RunConfig(
                    new RunConfig.Load(
                            connections, rate, seconds, size, shape, devicesPerUser, ramp),
                    new RunConfig.Target(
                            target.app,
                            addresses,
                            from,
                            (device, user) -> target.token(keys, device, user),
                            kafka.bootstrapServers(),
                            kafka.properties()),
                    receipts,
                    target.drain);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(Errors.reason(e), e);
        }
    }
}
