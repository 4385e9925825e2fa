package io.pushgate.standalone;

import io.pushgate.access.AccessServer;
import io.pushgate.console.Console;
import io.pushgate.runtime.Role;
import io.pushgate.runtime.StartupException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** One role in this process, against a Redis and a Kafka that are there. */
public final class SingleRole implements AutoCloseable {
    private final RoleHost host;
    private final String nodeId;
    private final String addresses;

    private SingleRole(RoleHost host, String nodeId, String addresses) {
        this.host = host;
        this.nodeId = nodeId;
        this.addresses = addresses;
    }

    /**
     * Starts it.
     *
     * @throws StartupException where a port is taken, a key is missing, or the role cannot start
     */
    public static SingleRole start(PushgateConfig config, RoleKind kind, Progress progress)
            throws StartupException, InterruptedException {
        boolean access = kind == RoleKind.ACCESS_SERVER;
        PushgateConfig complete = access ? TokenKeys.require(config) : config;
        List<Ports.Wanted> ports = new ArrayList<>();
        if (access) {
            ports.add(new Ports.Wanted("--port", config.access().host(), config.access().port()));
        }
        if (kind == RoleKind.CONSOLE) {
            ports.add(
                    new Ports.Wanted(
                            "--console-port", config.console().host(), config.console().port()));
        }
        ports.add(
                new Ports.Wanted(
                        "--management-port",
                        config.management().host(),
                        config.management().port()));
        Ports.requireFree(ports);
        String nodeId =
                nodeId(
                        config.nodeId(),
                        access ? config.access().port() : config.management().port());
        RoleHost host = RoleHost.start(complete, nodeId, List.of(kind), progress);
        String management = config.management().host() + ":" + host.managementPort();
        String own = host.role(kind).map(SingleRole::ownAddress).orElse("");
        return new SingleRole(host, nodeId, own + "management on http://" + management);
    }

    private static String ownAddress(Role role) {
        return switch (role) {
            case AccessServer server -> "devices on port " + server.port() + ", ";
            case Console console -> "HTTP API and page on port " + console.port() + ", ";
            default -> "";
        };
    }

    private static String nodeId(@Nullable String configured, int port) throws StartupException {
        return NodeIds.check(configured == null ? NodeIds.of(port) : configured);
    }

    public String nodeId() {
        return nodeId;
    }

    /** Where it listens, in words. */
    public String addresses() {
        return addresses;
    }

    public RoleHost host() {
        return host;
    }

    @Override
    public void close() {
        host.close();
    }
}
