package io.pushgate.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.faults.scenario.Plan;
import io.pushgate.faults.scenario.Scenario;
import io.pushgate.faults.scenario.Shape;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class ScenariosTest {
    @Test
    void everyScenarioHasANameOfItsOwnAndAPlan() {
        assertThat(Scenarios.all()).extracting(Scenario::name).doesNotHaveDuplicates();
        for (Scenario scenario : Scenarios.all()) {
            assertThat(scenario.name()).matches("[a-z0-9-]+");
            for (boolean shortForm : new boolean[] {true, false}) {
                Shape asked = new Shape(100, 100, 200, Duration.ofSeconds(30), shortForm);
                Plan plan = new Plan(1, scenario.name(), scenario.shape(asked));
                scenario.plan(plan);
                assertThat(plan.steps()).as(scenario.name()).isNotEmpty();
            }
        }
    }

    @Test
    void unknownScenariosAreRefused() {
        assertThatThrownBy(() -> FaultsOptions.shortForm(1, List.of("no-such-thing")))
                .hasMessageContaining("no-such-thing");
    }
}
