package io.pushgate.faults.scenario;

import java.time.Duration;
import java.util.List;

/** Faults of other scenarios, picked by the seed, one on top of the other. */
public final class Mixed implements Scenario {
    private final List<Scenario> others;

    /**
     * @param others to pick from
     */
    public Mixed(List<Scenario> others) {
        this.others = List.copyOf(others);
    }

    @Override
    public String name() {
        return "mixed";
    }

    @Override
    public String summary() {
        return "faults of the other scenarios, picked by the seed, overlapping";
    }

    @Override
    public boolean isBounded() {
        return false;
    }

    @Override
    public void plan(Plan plan) {
        Duration length = plan.shape().length();
        int picks = (int) Math.max(plan.isShort() ? 2 : 5, length.toSeconds() / 6);
        double at = 1;
        Shape briefly = new Shape(plan.shape().devices(), plan.shape().rate(), 0, length, true);
        for (int i = 0; i < picks; i++) {
            Scenario pick = others.get(plan.random().nextInt(others.size()));
            Plan its = new Plan(plan.random().nextLong(), pick.name(), briefly);
            pick.plan(its);
            Duration offset = plan.around(at);
            for (Plan.Step step : its.steps()) {
                if (!step.what().equals("look on")) {
                    plan.at(
                            offset.plus(step.at()),
                            pick.name() + ": " + step.what(),
                            step.action());
                }
            }
            at += 3 + plan.random().nextInt(4);
        }
    }
}
