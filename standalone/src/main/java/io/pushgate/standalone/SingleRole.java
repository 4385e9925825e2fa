package io.pushgate.standalone;

import io.pushgate.access.AccessServer;
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
        String devices =
                host.role(kind)
                        .filter(AccessServer.class::isInstance)
                        .map(AccessServer.class::cast)
                        .map(server -> "devices on port " + server.port() + ", ")
                        .orElse("");
        return new SingleRole(host, nodeId, devices + "management on http://" + management);
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
