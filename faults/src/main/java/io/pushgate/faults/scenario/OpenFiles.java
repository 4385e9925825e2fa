package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.cluster.RoleProc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An access node runs out of file descriptors while strangers connect, and has them again later.
 */
public final class OpenFiles implements Scenario {
    private static final int SPARE = 20;
    private static final int STRANGERS = 200;
    private static final int NORMAL = 20_000;
    private static final Duration LASTS = Duration.ofSeconds(6);

    @Override
    public String name() {
        return "open-files";
    }

    @Override
    public String summary() {
        return "an access node reaches its limit of open files, and leaves it again";
    }

    @Override
    public void plan(Plan plan) {
        int index = plan.random().nextInt(Kind.ACCESS.count());
        plan.at(
                3,
                "strangers take every file of " + Kind.ACCESS.nodeId(index),
                s -> fill(s, index));
        plan.at(plan.isShort() ? 12 : 18, "look whether it is ready", scene -> judge(scene, index));
    }

    private static void fill(Scene scene, int index) throws InterruptedException {
        RoleProc access = scene.role(Kind.ACCESS, index);
        int limit = access.proc().openFiles() + SPARE;
        List<Socket> strangers = new ArrayList<>();
        scene.faultOf(access, LASTS.plusSeconds(5));
        access.proc().limitFiles(limit);
        try {
            for (int i = 0; i < STRANGERS; i++) {
                Socket socket = new Socket();
                strangers.add(socket);
                socket.connect(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(),
                                scene.cluster().accessPort(index)),
                        1_000);
            }
        } catch (IOException e) {
            scene.note(
                    "stranger %d is turned away: %s".formatted(strangers.size(), e.getMessage()));
        }
        scene.sleep(LASTS);
        scene.note("%d of %d files open at the limit".formatted(access.proc().openFiles(), limit));
        for (Socket socket : strangers) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone, which is what matters.
            }
        }
        access.proc().limitFiles(NORMAL);
    }

    private static void judge(Scene scene, int index) throws InterruptedException {
        RoleProc access = scene.role(Kind.ACCESS, index);
        scene.expect(access.isAlive(), access + " ended");
        access.awaitReady(Duration.ofSeconds(5));
        scene.expect(
                scene.devices().on(access.nodeId()).length > 0,
                access + " holds no device any more");
    }
}
