package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.proxy.Direction;
import io.pushgate.faults.proxy.FaultProxy;

import java.time.Duration;
import java.util.Locale;

/** The network between the access nodes (or another kind of role) and Redis fails. */
public final class RedisNetwork implements Scenario {
    /** What the network does. */
    public enum Fault {
        /** 50 to 150 ms on every chunk. */
        LATENCY,
        /** Nothing passes; connections stand. */
        STALL,
        /** Requests pass, answers and messages do not. */
        ONE_WAY_DOWN,
        /** Answers pass, requests do not. */
        ONE_WAY_UP,
        /** Every connection breaks, none is made. */
        CUT,
        /** Redis' side of every connection vanishes; new ones work. */
        HALF_OPEN
    }

    private static final int LASTS_SECONDS = 8;

    private final Kind kind;
    private final Fault fault;

    public RedisNetwork(Kind kind, Fault fault) {
        this.kind = kind;
        this.fault = fault;
    }

    @Override
    public String name() {
        String what = fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return "net-" + kind.command() + "-redis-" + what;
    }

    @Override
    public String summary() {
        return "network between every "
                + kind.command()
                + " and Redis: "
                + fault.name()
                + " for 8 s";
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public void plan(Plan plan) {
        plan.at(plan.around(2), name(), this::begin);
        plan.at(
                3 + LASTS_SECONDS,
                "heal",
                scene -> {
                    scene.fault("heal", Bounds.afterLostMessages());
                    scene.cluster().redisProxy(kind).heal();
                });
        plan.at(3 + LASTS_SECONDS + (plan.isShort() ? 4 : 10), "look on", scene -> {});
    }

    private void begin(Scene scene) {
        FaultProxy proxy = scene.cluster().redisProxy(kind);
        scene.fault(name(), Bounds.afterLostMessages());
        switch (fault) {
            case LATENCY -> proxy.latency(Duration.ofMillis(50), Duration.ofMillis(100));
            case STALL -> proxy.stall();
            case ONE_WAY_DOWN -> proxy.stall(Direction.DOWN);
            case ONE_WAY_UP -> proxy.stall(Direction.UP);
            case CUT -> proxy.cut();
            case HALF_OPEN -> scene.note(proxy.vanish(Direction.DOWN, _ -> true) + " connections");
        }
    }
}
