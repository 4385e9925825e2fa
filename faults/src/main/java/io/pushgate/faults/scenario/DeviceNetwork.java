package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.proxy.Direction;
import io.pushgate.faults.proxy.FaultProxy;

import java.time.Duration;
import java.util.Locale;

/** The network between devices and one access node fails. */
public final class DeviceNetwork implements Scenario {
    /** What the network does. */
    public enum Fault {
        /** 100 to 300 ms on every chunk. */
        LATENCY,
        /** Nothing passes for 12 s; connections stand. */
        STALL,
        /** Acks do not pass. */
        ONE_WAY_UP,
        /** Pushes do not pass. */
        ONE_WAY_DOWN,
        /** Every connection breaks, none is made. */
        CUT,
        /** Devices vanish without a FIN and come back over new connections. */
        HALF_OPEN
    }

    private static final int LASTS_SECONDS = 12;

    private final Fault fault;

    public DeviceNetwork(Fault fault) {
        this.fault = fault;
    }

    @Override
    public String name() {
        return "net-devices-" + fault.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String summary() {
        return "network between devices and one access node: " + fault.name() + " for 12 s";
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public void plan(Plan plan) {
        int index = plan.random().nextInt(Kind.ACCESS.count());
        plan.at(plan.around(2), name(), scene -> begin(scene, index));
        plan.at(3 + LASTS_SECONDS, "heal", scene -> scene.cluster().deviceProxy(index).heal());
        plan.at(3 + LASTS_SECONDS + (plan.isShort() ? 3 : 10), "look on", scene -> {});
    }

    private void begin(Scene scene, int index) {
        FaultProxy proxy = scene.cluster().deviceProxy(index);
        // Long enough for devices to give their peer up and go to the next node.
        Duration bound = Bounds.deadPeer();
        scene.faultOf(
                scene.role(Kind.ACCESS, index),
                fault == Fault.ONE_WAY_UP ? Duration.ofSeconds(LASTS_SECONDS + 5) : bound);
        switch (fault) {
            case LATENCY -> proxy.latency(Duration.ofMillis(100), Duration.ofMillis(200));
            case STALL -> proxy.stall();
            case ONE_WAY_UP -> proxy.stall(Direction.UP);
            case ONE_WAY_DOWN -> proxy.stall(Direction.DOWN);
            case CUT -> proxy.cut();
            case HALF_OPEN -> scene.note(proxy.vanish(Direction.UP, _ -> true) + " devices vanish");
        }
    }
}
