package io.pushgate.faults.scenario;

import java.util.Locale;

/**
 * What a hot spot does to the messages that have nothing to do with it, by three times: without it,
 * under the same load without a hot spot (the control), and with it. Issues 3 and 5 promise at most
 * twice the time without. What goes beyond that is load as far as the control goes beyond it too,
 * and unfairness as far as the control does not: so the bound between hot spot and control tells
 * whether somebody waits behind the hot spot.
 *
 * @param without p99 without the load, milliseconds
 * @param control p99 under the load, spread evenly
 * @param with p99 with the hot spot
 * @param idle share of the processors' time that was idle with it, 0 to 1
 */
record Fairness(double without, double control, double with, double idle) {
    /** Issues 3 and 5. */
    static final double MAX_FACTOR = 2;

    /** Below it the scheduler of a machine with two cores is what is measured. */
    static final double FLOOR_MILLIS = 25;

    /** With less than that idle, whatever wants to run waits for a processor. */
    static final double FULL_BELOW = 0.1;

    /** What follows from the two bounds. */
    enum Verdict {
        /** Both hold. */
        HELD,
        /** Fair, yet slower than promised, as the processors had no time left. */
        MACHINE_FULL,
        /** Fair, yet slower than promised, although the processors had time left. */
        SLOW,
        /** Slower than the load alone explains. */
        UNFAIR
    }

    Verdict verdict() {
        if (!isFair()) {
            return Verdict.UNFAIR;
        }
        if (isPrompt()) {
            return Verdict.HELD;
        }
        return idle < FULL_BELOW ? Verdict.MACHINE_FULL : Verdict.SLOW;
    }

    private boolean isFair() {
        return with <= MAX_FACTOR * Math.max(control, FLOOR_MILLIS);
    }

    private boolean isPrompt() {
        return with <= MAX_FACTOR * Math.max(without, FLOOR_MILLIS);
    }

    /**
     * Tells the scene all of it in one line, and what was missed.
     *
     * @param whose the messages that were measured
     */
    void tell(Scene scene, String whose) {
        String figures = describe(whose);
        scene.note(figures);
        switch (verdict()) {
            case HELD -> {}
            case MACHINE_FULL -> scene.miss("machine full (idle " + percent(idle) + ")");
            case SLOW ->
                    scene.expect(
                            false,
                            "not unfair, but slow with time to spare, so something queues: "
                                    + figures);
            case UNFAIR ->
                    scene.expect(
                            false, "unfair, the same load spread evenly is faster: " + figures);
        }
    }

    String describe(String whose) {
        return String.format(
                Locale.ROOT,
                "p99 of %s: %.1f ms without, %.1f ms in the control, %.1f ms with;"
                        + " 2x control %s, 2x without %s; %s idle",
                whose,
                without,
                control,
                with,
                isFair() ? "held" : "missed",
                isPrompt() ? "held" : "missed",
                percent(idle));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f%%", share * 100);
    }
}
