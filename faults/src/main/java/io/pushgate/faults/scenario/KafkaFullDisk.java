package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.KafkaProc;
import io.pushgate.faults.process.SmallDisk;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The disk under Kafka is full, so that the broker gives up; later there is room again and it is
 * started. What it had acknowledged is delivered.
 */
public final class KafkaFullDisk implements Scenario {
    private static final int SPARE_MEGABYTES = 24;
    private static final int FILLER_BYTES = 60_000;
    private static final int FILLERS_A_STEP = 50;
    private static final Duration FULL_WITHIN = Duration.ofSeconds(40);
    private static final Duration STAYS_FULL = Duration.ofSeconds(3);
    private static final String FILLER_TOPIC = "push.rejected";

    @Override
    public String name() {
        return "full-disk-kafka";
    }

    @Override
    public String summary() {
        return "the disk under Kafka fills up until the broker gives up, then has room again";
    }

    @Override
    public boolean isBounded() {
        return false; // nothing is promised while the only broker has no disk
    }

    @Override
    public void plan(Plan plan) {
        plan.at(1, "move Kafka to a small disk", this::run);
        plan.at(20, "look on", scene -> {});
    }

    private void run(Scene scene) throws InterruptedException {
        KafkaProc kafka = scene.cluster().kafka();
        Path home = kafka.data();
        kafka.end();
        SmallDisk disk =
                scene.own(
                        SmallDisk.copyOf(
                                home,
                                scene.cluster().dir().resolve("small-disk"),
                                SPARE_MEGABYTES));
        kafka.moveTo(disk.path());
        kafka.start();
        scene.fault("the disk fills up", null);
        long end = System.nanoTime() + FULL_WITHIN.toNanos();
        while (kafka.isAlive() && System.nanoTime() - end < 0) {
            for (int i = 0; i < FILLERS_A_STEP; i++) {
                scene.publisher().fill(FILLER_TOPIC, FILLER_BYTES);
            }
            scene.sleep(Duration.ofMillis(200));
        }
        scene.note("free on the disk: %d KiB".formatted(disk.freeBytes() / 1024));
        scene.expect(!kafka.isAlive(), "the broker went on although its disk was full");
        scene.sleep(STAYS_FULL);
        disk.grow();
        kafka.start();
        scene.note("there is room again and Kafka runs");
        scene.sleep(Duration.ofSeconds(8));
        kafka.end();
        disk.copyBack(home);
        kafka.moveTo(home);
        kafka.start();
    }
}
