package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;
import io.pushgate.faults.cluster.Settings;
import io.pushgate.faults.load.Devices;
import io.pushgate.faults.load.RawDevice;
import io.pushgate.faults.process.Readiness;

import java.io.IOException;
import java.time.Duration;

/** A device that reads one byte a second is cut, and gets everything when it reads again. */
public final class SlowReader implements Scenario {
    private static final int MESSAGES = 300;
    private static final int PAYLOAD = 4_096;

    @Override
    public String name() {
        return "slow-reader";
    }

    @Override
    public String summary() {
        return "a device reads 1 byte a second: it is cut, others don't notice, nothing is lost";
    }

    @Override
    public Shape shape(Shape asked) {
        return asked.withPayload(PAYLOAD);
    }

    @Override
    public void plan(Plan plan) {
        plan.at(2, "device 0 reads 1 byte a second", SlowReader::readSlowly);
    }

    private static void readSlowly(Scene scene) throws InterruptedException {
        Devices devices = scene.devices();
        var _ =
                devices.stop(0)
                        .completeOnTimeout(null, 5, java.util.concurrent.TimeUnit.SECONDS)
                        .join();
        RoleProc access = scene.role(Kind.ACCESS, 0);
        double before = cuts(access);
        String token = scene.cluster().tokens().token(devices.app(), devices.name(0));
        try (RawDevice slow = RawDevice.connect(scene.cluster().accessPort(0), token, 1_000)) {
            scene.sleep(Duration.ofMillis(500));
            for (int i = 0; i < MESSAGES; i++) {
                scene.publisher().send(0);
            }
            Duration patience = Settings.SLOW_AFTER.plusSeconds(4);
            long end = System.nanoTime() + patience.toNanos();
            while (cuts(access) == before && System.nanoTime() - end < 0) {
                scene.sleep(Duration.ofMillis(200));
            }
            scene.note(slow.bytesRead() + " bytes read by the slow device");
            scene.expect(
                    cuts(access) > before,
                    "the slow device was not cut within " + patience.toSeconds() + " s");
        } catch (IOException e) {
            scene.note("closing the slow device: " + e.getMessage());
        }
        devices.start(0);
    }

    private static double cuts(RoleProc access) {
        return Readiness.metric(access.managementPort(), "pushgate_access_slow_cuts_total");
    }
}
