package io.pushgate.faults.scenario;

import java.time.Duration;

/** Nothing is broken: what the other rows are compared with. */
public final class Baseline implements Scenario {
    @Override
    public String name() {
        return "none";
    }

    @Override
    public String summary() {
        return "nothing is broken; devices come, go and roam";
    }

    @Override
    public void plan(Plan plan) {
        plan.at(2, "nothing", scene -> scene.fault("nothing", Duration.ofSeconds(4)));
    }
}
