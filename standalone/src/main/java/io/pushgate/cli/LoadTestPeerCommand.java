package io.pushgate.cli;

import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.peer.PeerConfig;
import io.pushgate.loadtest.peer.PeerResult;
import io.pushgate.loadtest.peer.PeerRun;
import io.pushgate.loadtest.report.PeerReport;
import io.pushgate.standalone.Errors;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

@Command(
        name = "peer",
        header = "Measures another WebSocket server with the same connections.",
        description =
                "%nidle: connections are held. echo: the server sends each message back. broadcast: it"
                        + " sends what one connection says to all others. Send times follow a"
                        + " schedule that does not wait for answers.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate loadtest peer --url ws://127.0.0.1:9000 --connections 15000 --case idle"
                    + " --pids server=4711",
            "  ./pushgate loadtest peer --url ws://127.0.0.1:9000/chat --connections 1000"
                    + " --case broadcast --rate 50"
        })
final class LoadTestPeerCommand extends Subcommand {
    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;
    private static final Duration DRAIN = Duration.ofSeconds(10);

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "The server, ws://host:port/path.")
    private String url = "";

    @Option(
            names = "--case",
            required = true,
            paramLabel = "CASE",
            description = "idle, echo or broadcast.")
    private PeerConfig.Case kind = PeerConfig.Case.IDLE;

    @Option(
            names = "--connections",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Connections (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--rate",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Messages sent a second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            paramLabel = "N",
            description = "How long to send, or to hold (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--size",
            defaultValue = "512",
            paramLabel = "BYTES",
            description = "Size of a message (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--ramp",
            defaultValue = "2000",
            paramLabel = "N",
            description = "Connections begun a second (default: ${DEFAULT-VALUE}).")
    private int ramp;

    @Option(
            names = "--subprotocol",
            paramLabel = "NAME",
            description = "Asked for in the handshake (default: none).")
    private @Nullable String subprotocol;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "A header of the handshake; may be given several times.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(
            names = "--pids",
            split = ",",
            paramLabel = "NAME=PID",
            description = "Processes of this machine to sample.")
    private List<String> pids = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result, as JSON.")
    private @Nullable Path json;

    @Override
    public Integer call() throws Exception {
        PeerConfig config = config();
        Termination _ = Termination.install();
        try {
            PeerResult result = PeerRun.run(config, DRAIN, WatchedPids.of(this, pids), System.err);
            PeerReport.lines(config, result).forEach(this::print);
            if (json != null) {
                PeerReport.write(json, config, result);
            }
            if (result.interrupted()) {
                return INTERRUPTED;
            }
            return result.failed(config) ? FAILED : 0;
        } catch (LoadTestException e) {
            throw new CommandFailure(Errors.reason(e), e);
        }
    }

    private PeerConfig config() {
        try {
            return new PeerConfig(
                    url, connections, kind, rate, seconds, size, ramp, subprotocol, headers);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(Errors.reason(e), e);
        }
    }
}
