package io.pushgate.standalone;

import io.pushgate.mailbox.RoleContext;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.Role;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.telemetry.Meters;
import io.pushgate.runtime.telemetry.RuntimeMeters;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Roles that live and end together. They start downstream first, so that each finds the next one
 * there, and drain upstream first, so that nothing is handed to one that has gone.
 *
 * <p>{@link #start}, {@link #drain} and {@link #close} belong to one thread.
 */
public final class RoleProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RoleProcess.class);

    // A role that hangs because Redis or Kafka is away must leave time to those after it.
    private static final int UPSTREAM_SHARE = 5;

    private static final Duration REDIS_PATIENCE = Duration.ofSeconds(3);

    private final RoleContext context;
    private final Duration drainTime;
    private final Map<RoleKind, Role> roles = new EnumMap<>(RoleKind.class);
    private final Closer closer = new Closer();
    private volatile @Nullable Deadline draining;

    public RoleProcess(PushgateConfig config, RoleContext context, Collection<RoleKind> kinds) {
        this.context = context;
        this.drainTime = config.drain().deadline();
        Meters.gauge(context.registry(), RuntimeMeters.DRAIN, this::drainingSeconds);
        Meters.gauge(context.registry(), RuntimeMeters.DRAIN_DEADLINE, drainTime::toSeconds);
        for (RoleKind kind : kinds) {
            roles.put(kind, kind.create(config, context));
        }
    }

    /**
     * Starts every role.
     *
     * @throws StartupException by the first one that cannot; {@link #close} is still to be called
     */
    public void start(Progress progress) throws StartupException, InterruptedException {
        // A role that finds Redis connected needs no second try; one that is away is no reason to
        // wait.
        Waits.until(() -> context.redis().check().ok(), REDIS_PATIENCE);
        for (Role role : new ArrayList<>(roles.values()).reversed()) {
            progress.step(role.name());
            closer.add(role);
            role.start();
        }
    }

    /** The role, for those who need to know its port. */
    public Optional<Role> role(RoleKind kind) {
        return Optional.ofNullable(roles.get(kind));
    }

    /** Each role's checks, those that several share once; any thread. */
    public Health health() {
        return new Health(
                roles.values().stream()
                        .flatMap(role -> role.health().checks().stream())
                        .distinct()
                        .toList());
    }

    /** Drains one role after the other; all of them have {@code drain.deadline} together. */
    public void drain() throws InterruptedException {
        Deadline all = Deadline.in(drainTime, context.ticker());
        draining = all;
        int left = roles.size();
        for (Role role : roles.values()) {
            Deadline own = --left == 0 ? all : all.orIn(drainTime.dividedBy(UPSTREAM_SHARE));
            log.info("draining {}, {} s at most", role.name(), own.remaining().toSeconds());
            role.drain(own);
        }
    }

    private double drainingSeconds() {
        Deadline end = draining;
        return end == null
                ? 0
                : (context.ticker().nanos() - end.nanos() + drainTime.toNanos())
                        / (double) TimeUnit.SECONDS.toNanos(1);
    }

    @Override
    public void close() {
        closer.close();
    }
}
