package io.pushgate.cli;

import io.pushgate.runtime.Health;
import io.pushgate.standalone.PushgateConfig;
import io.pushgate.standalone.RoleKind;
import io.pushgate.standalone.SingleRole;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs one role until it is told to stop. */
@Command(
        description = {
            "%nRuns against the Redis of PUSHGATE_REDIS_URI and the Kafka of"
                    + " PUSHGATE_KAFKA_BOOTSTRAP_SERVERS (or redis.uri and kafka.bootstrap-servers in"
                    + " the file) until it is told to stop; then it drains."
        },
        footerHeading = "%nExamples:%n")
class RoleCommand extends Subcommand {
    private final RoleKind kind;

    @Mixin private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder of the development key, for an access server without configured keys.")
    private @Nullable Path data;

    private RoleCommand(RoleKind kind) {
        this.kind = kind;
    }

    /** The command of a role; the access server and the console have a port of their own. */
    static CommandLine spec(RoleKind kind) {
        CommandLine line =
                new CommandLine(
                        switch (kind) {
                            case ACCESS_SERVER -> new Access();
                            case CONSOLE -> new Http();
                            case PURGER, DISPATCHER, DELAYER -> new RoleCommand(kind);
                        });
        String flags =
                switch (kind) {
                    case ACCESS_SERVER -> "--port 8080";
                    case CONSOLE -> "--console-port 8081";
                    case PURGER, DISPATCHER, DELAYER -> "--management-port 8083";
                };
        line.getCommandSpec()
                .name(kind.command())
                .usageMessage()
                .header(kind.summary() + ".")
                .footer(
                        "  PUSHGATE_REDIS_URI=redis://10.0.0.5:6379"
                                + " PUSHGATE_KAFKA_BOOTSTRAP_SERVERS=10.0.0.6:9092 \\",
                        "      ./pushgate " + kind.command() + " " + flags,
                        "  ./pushgate " + kind.command() + " --config pushgate.yaml --node-id a1");
        return line;
    }

    /** Settings of further flags. */
    Map<String, @Nullable Object> flags() {
        Map<String, @Nullable Object> flags = new HashMap<>();
        flags.put("data", data);
        return flags;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter err = err();
        PushgateConfig loaded = config.load(flags());
        Termination termination = Termination.install();
        try (SingleRole role = SingleRole.start(loaded, kind, step -> {})) {
            err.println(kind.command() + " " + role.nodeId() + " is up: " + role.addresses());
            for (Health.Check check : role.host().health().checks()) {
                if (!check.ok()) {
                    err.println("not ready yet: " + check.name() + ": " + check.detail());
                }
            }
            err.flush();
            termination.await();
            role.host().drain();
        }
        say(kind.command() + " has drained");
        return 0;
    }

    /** The role with a port for devices. */
    @Command
    static final class Access extends RoleCommand {
        @Option(
                names = "--port",
                paramLabel = "PORT",
                description = "Where devices connect; 0 for any free one (default: 8080).")
        private @Nullable Integer port;

        private Access() {
            super(RoleKind.ACCESS_SERVER);
        }

        @Override
        Map<String, @Nullable Object> flags() {
            Map<String, @Nullable Object> flags = super.flags();
            flags.put("access.port", port);
            return flags;
        }
    }

    /** The role with a port for HTTP. */
    @Command
    static final class Http extends RoleCommand {
        @Option(
                names = "--console-port",
                paramLabel = "PORT",
                description = "The HTTP API and the page; 0 for any free one (default: 8081).")
        private @Nullable Integer port;

        private Http() {
            super(RoleKind.CONSOLE);
        }

        @Override
        Map<String, @Nullable Object> flags() {
            Map<String, @Nullable Object> flags = super.flags();
            flags.put("console.port", port);
            return flags;
        }
    }
}
