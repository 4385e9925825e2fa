package io.pushgate.faults.scenario;

import io.pushgate.protocol.Receipt;

import java.time.Duration;

/**
 * A device takes messages and never acks: it is sent each again five times, told apart, and cut.
 */
public final class NeverAcking implements Scenario {
    /**
     * The first message, the backoff of 1 + 2 + 4 + 8 + 16 s, 16 s more for the last, and jitter.
     */
    private static final int GIVEN_UP_AFTER = 60;

    @Override
    public String name() {
        return "never-acking";
    }

    @Override
    public String summary() {
        return "a device never acks: it is cut in the end, and gets everything when it behaves again";
    }

    /** A new connection would begin to count the attempts afresh. */
    @Override
    public boolean isRestless() {
        return false;
    }

    @Override
    public void plan(Plan plan) {
        plan.at(
                1,
                "device 0 stops acking",
                scene -> {
                    mute(scene, true);
                    scene.publisher().send(0);
                });
        plan.at(
                plan.isShort() ? 10 : GIVEN_UP_AFTER,
                "device 0 acks again",
                scene -> {
                    if (!plan.isShort()) {
                        judge(scene);
                    }
                    mute(scene, false);
                });
        plan.at(plan.isShort() ? 12 : GIVEN_UP_AFTER + 5, "look on", scene -> {});
    }

    private static void judge(Scene scene) {
        long unacked = scene.account().receipts(Receipt.Status.UNACKED);
        scene.note(
                unacked
                        + " receipts say unacked; connections lost: "
                        + scene.devices().disconnects());
        scene.expect(unacked > 0, "no receipt said that the device does not ack");
        scene.expect(
                scene.devices().disconnects().keySet().stream().anyMatch(w -> w.startsWith("4410")),
                "the device that does not ack was not cut (4410)");
    }

    private static void mute(Scene scene, boolean on) throws InterruptedException {
        scene.devices().mute(0, on);
        var _ =
                scene.devices()
                        .stop(0)
                        .completeOnTimeout(null, 5, java.util.concurrent.TimeUnit.SECONDS)
                        .join();
        scene.sleep(Duration.ofMillis(50));
        scene.devices().start(0);
    }
}
