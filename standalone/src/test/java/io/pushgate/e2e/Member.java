package io.pushgate.e2e;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.access.AccessServer;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.Role;
import io.pushgate.standalone.Connections;
import io.pushgate.standalone.Progress;
import io.pushgate.standalone.PushgateConfig;
import io.pushgate.standalone.RoleKind;
import io.pushgate.standalone.RoleProcess;

import java.util.List;
import java.util.function.UnaryOperator;

/** One role as if in a process of its own: its own connections, its own meters. */
final class Member implements AutoCloseable {
    private final RoleKind kind;
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Connections connections;
    private final RoleProcess process;

    private Member(
            RoleKind kind,
            String nodeId,
            PushgateConfig config,
            Connections.Time time,
            UnaryOperator<RoleContext> hook)
            throws Exception {
        this.kind = kind;
        this.connections = Connections.open(config, nodeId, registry, time);
        this.process = new RoleProcess(config, hook.apply(connections.context()), List.of(kind));
    }

    static Member start(
            RoleKind kind,
            String nodeId,
            PushgateConfig config,
            Connections.Time time,
            UnaryOperator<RoleContext> hook)
            throws Exception {
        Member member = new Member(kind, nodeId, config, time, hook);
        try {
            member.process.start(Progress.SILENT);
            return member;
        } catch (Exception e) {
            member.close();
            throw e;
        }
    }

    RoleKind kind() {
        return kind;
    }

    String nodeId() {
        return context().nodeId();
    }

    RoleContext context() {
        return connections.context();
    }

    MeterRegistry registry() {
        return registry;
    }

    Health health() {
        return process.health();
    }

    Role role() {
        return process.role(kind).orElseThrow();
    }

    /** The address for devices, of an access server. */
    String url() {
        return "ws://127.0.0.1:" + ((AccessServer) role()).port() + "/v1/ws";
    }

    /** Sum of the counters of this name that carry the tags (key, value, …). */
    double count(String meterName, String... tags) {
        double counters =
                registry.find(meterName).tags(tags).counters().stream()
                        .mapToDouble(Counter::count)
                        .sum();
        return counters
                + registry.find(meterName).tags(tags).functionCounters().stream()
                        .mapToDouble(FunctionCounter::count)
                        .sum();
    }

    /** An orderly end: what is in hand is finished first. */
    void drain() throws InterruptedException {
        process.drain();
        close();
    }

    /** An end without a drain, as near to a kill as a shared JVM allows. */
    @Override
    public void close() {
        try {
            process.close();
        } finally {
            connections.close();
        }
    }
}
