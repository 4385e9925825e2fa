package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Topology;
import io.pushgate.faults.process.DebianPackage;

import java.util.List;

/** Something that goes wrong. Stateless: what a run needs it keeps in its {@link Plan}'s steps. */
public interface Scenario {
    /** Lower case with dashes; what {@code --scenario} takes. */
    String name();

    /** One sentence for people: what is broken, and what must hold. */
    String summary();

    default Topology topology() {
        return Topology.SINGLE;
    }

    /** Devices, rate and length; by default what was asked for. */
    default Shape shape(Shape asked) {
        return asked;
    }

    /** Whether random picks of the mixed scenario may include it. */
    default boolean isMixable() {
        return false;
    }

    /** Whether the bounds of its faults hold; they don't where faults overlap. */
    default boolean isBounded() {
        return true;
    }

    /** Whether devices lose their connections and roam by themselves all the while. */
    default boolean isRestless() {
        return true;
    }

    /**
     * What it needs beyond this project; installed before the first scenario where it is missing.
     */
    default List<DebianPackage> packages() {
        return List.of();
    }

    /** Lays out the faults; whatever is random comes from the plan, so that a seed repeats it. */
    void plan(Plan plan);
}
