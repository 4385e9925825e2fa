package io.pushgate.faults.scenario;

import java.time.Duration;

/** The broker ends, by SIGTERM or by {@code kill -9}, and comes back. */
public final class KafkaRestart implements Scenario {
    private final boolean kill;

    public KafkaRestart(boolean kill) {
        this.kill = kill;
    }

    @Override
    public String name() {
        return kill ? "kill-kafka" : "restart-kafka";
    }

    @Override
    public String summary() {
        return (kill ? "kill -9" : "SIGTERM") + " of the only Kafka broker, and a start";
    }

    @Override
    public boolean isMixable() {
        return true;
    }

    @Override
    public void plan(Plan plan) {
        plan.at(plan.around(3), (kill ? "kill -9" : "SIGTERM") + " Kafka, start", this::restart);
        plan.at(plan.isShort() ? 16 : 25, "look on", scene -> {});
    }

    private void restart(Scene scene) throws InterruptedException {
        long begun = System.nanoTime();
        if (kill) {
            scene.cluster().kafka().proc().kill9();
            scene.sleep(Duration.ofSeconds(1));
        } else {
            scene.cluster().kafka().end();
        }
        scene.cluster().kafka().start();
        Duration away = Duration.ofNanos(System.nanoTime() - begun);
        scene.faultAt(name(), begun, Bounds.afterKafka(away));
        scene.note("Kafka listened again after %d ms".formatted(away.toMillis()));
    }
}
