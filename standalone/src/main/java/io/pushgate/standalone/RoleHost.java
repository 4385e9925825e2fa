package io.pushgate.standalone;

import io.pushgate.mailbox.ProcessReports;
import io.pushgate.mailbox.StatsReporter;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.Role;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.log.ProcessLog;
import io.pushgate.runtime.telemetry.ManagementServer;
import io.pushgate.runtime.telemetry.Telemetry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One process: its meters, its connections, its roles and its management port. A role alone and all
 * of them in a standalone are both this.
 */
public final class RoleHost implements AutoCloseable {
    private final Closer closer;
    private final RoleProcess roles;
    private final TopicSetup topics;
    private final ManagementServer management;

    private RoleHost(
            Closer closer, RoleProcess roles, TopicSetup topics, ManagementServer management) {
        this.closer = closer;
        this.roles = roles;
        this.topics = topics;
        this.management = management;
    }

    /**
     * Starts the roles and returns when they took up work; whether they are ready is another
     * question.
     *
     * @param nodeId unique among all processes on the same Redis
     * @throws StartupException where one cannot start; whatever was opened is closed again
     */
    public static RoleHost start(
            PushgateConfig config, String nodeId, Collection<RoleKind> kinds, Progress progress)
            throws StartupException, InterruptedException {
        Closer closer = new Closer();
        try {
            return start(config, nodeId, kinds, progress, closer);
        } catch (StartupException | InterruptedException | RuntimeException e) {
            try {
                closer.close();
            } catch (IllegalStateException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private static RoleHost start(
            PushgateConfig config,
            String nodeId,
            Collection<RoleKind> kinds,
            Progress progress,
            Closer closer)
            throws StartupException, InterruptedException {
        Telemetry telemetry = closer.add(new Telemetry());
        closer.add(ProcessLog.start(config.log(), telemetry.registry()));
        closer.add(LogCounts.start(telemetry.registry()));
        Connections connections =
                closer.add(
                        Connections.open(
                                config, nodeId, telemetry.registry(), Connections.Time.REAL));
        TopicSetup topics = closer.add(new TopicSetup(config.kafka()));
        progress.step("topics");
        topics.start();
        RoleProcess roles = closer.add(new RoleProcess(config, connections.context(), kinds));
        roles.start(progress);
        StatsReporter reporter =
                closer.add(
                        new StatsReporter(
                                nodeId,
                                new ProcessReports(connections.context().redis()),
                                telemetry.registry()));
        reporter.start();
        ManagementServer management =
                closer.add(
                        new ManagementServer(
                                config.management(), telemetry, () -> health(roles, topics)));
        return new RoleHost(closer, roles, topics, management);
    }

    private static Health health(RoleProcess roles, TopicSetup topics) {
        List<Health> parts = new ArrayList<>();
        parts.add(roles.health());
        parts.add(Health.of(topics.check()));
        return Health.merge(parts);
    }

    /** All checks of the process; any thread, returns at once. */
    public Health health() {
        return health(roles, topics);
    }

    /** Waits until everything is ready, and returns the health when it is or the time is up. */
    public Health awaitReady(Duration atMost) throws InterruptedException {
        Waits.until(() -> health().isReady(), atMost);
        return health();
    }

    public Optional<Role> role(RoleKind kind) {
        return roles.role(kind);
    }

    public int managementPort() {
        return management.port();
    }

    /** Drains the roles; see {@link RoleProcess#drain}. */
    public void drain() throws InterruptedException {
        roles.drain();
    }

    @Override
    public void close() {
        closer.close();
    }
}
