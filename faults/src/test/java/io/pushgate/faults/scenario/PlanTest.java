package io.pushgate.faults.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.faults.cluster.Kind;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

class PlanTest {
    private static final Shape SHAPE = new Shape(10, 10, 100, Duration.ofSeconds(60), false);

    @Test
    void aSeedMakesThePlan() {
        Scenario mixed =
                new Mixed(
                        List.of(
                                new KillRole(Kind.PURGER),
                                new KillRole(Kind.ACCESS),
                                new RedisRestart(),
                                new FreezeRole(Kind.DISPATCHER)));
        assertThat(plan(mixed, 42)).isNotEmpty().isEqualTo(plan(mixed, 42));
        assertThat(IntStream.range(0, 20).mapToObj(seed -> plan(mixed, seed)).distinct())
                .hasSizeGreaterThan(15);
    }

    @Test
    void stepsComeInTheOrderOfTheirTime() {
        Plan plan = new Plan(1, "any", SHAPE);
        plan.at(3, "third", _ -> {});
        plan.at(1, "first", _ -> {});
        plan.at(1, "second", _ -> {});
        assertThat(plan.steps())
                .extracting(Plan.Step::what)
                .containsExactly("first", "second", "third");
    }

    private static List<String> plan(Scenario scenario, long seed) {
        Plan plan = new Plan(seed, scenario.name(), SHAPE);
        scenario.plan(plan);
        return plan.steps().stream().map(step -> step.at() + " " + step.what()).toList();
    }
}
