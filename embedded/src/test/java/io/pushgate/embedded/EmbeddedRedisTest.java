package io.pushgate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class EmbeddedRedisTest {
    @TempDir Path dir;

    @Test
    void startsOnAFreePortAndAgainOnTheSame() throws Exception {
        try (EmbeddedRedis redis = new EmbeddedRedis(EmbeddedRedisSettings.inMemory())) {
            redis.start();
            int port = redis.port();
            assertThat(redis.uri()).isEqualTo("redis://127.0.0.1:" + port);
            assertThat(call(redis, "SET", "k", "v")).isEqualTo("OK");
            redis.stop();
            assertThat(redis.isRunning()).isFalse();
            redis.start();
            redis.start();
            assertThat(redis.port()).isEqualTo(port);
            assertThat(call(redis, "GET", "k"))
                    .as("nothing is kept without a data folder")
                    .isNull();
        }
    }

    @Test
    void keepsItsDataOverStopAndKill() throws Exception {
        try (EmbeddedRedis redis =
                new EmbeddedRedis(EmbeddedRedisSettings.inMemory().withDataDir(dir))) {
            redis.start();
            call(redis, "SET", "k", "before the stop");
            redis.stop();
            redis.start();
            assertThat(call(redis, "GET", "k")).isEqualTo("before the stop");
            assertThat(String.valueOf(call(redis, "CONFIG", "GET", "appendfsync")))
                    .contains("everysec");
            assertThat(String.valueOf(call(redis, "CONFIG", "GET", "maxmemory-policy")))
                    .contains("noeviction");
            redis.kill();
            redis.start();
            assertThat(call(redis, "GET", "k")).isEqualTo("before the stop");
        }
        assertThat(dir).isNotEmptyDirectory();
    }

    @Test
    void diesWithItsKilledJvmAndHasItsLastWrite() throws Exception {
        long pid;
        try (ChildJvm child = ChildJvm.start(RedisChild.class, dir.toString())) {
            pid = Long.parseLong(child.await("pid="));
            assertThat(ProcessHandle.of(pid)).isPresent();
            child.kill();
        }
        // At once: it has to wait by itself until the other has written its file and is gone.
        try (EmbeddedRedis redis =
                new EmbeddedRedis(EmbeddedRedisSettings.inMemory().withDataDir(dir))) {
            redis.start();
            assertThat(call(redis, "GET", "last")).isEqualTo("999");
            // It gives its files free a moment before it is gone.
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    @Test
    void leavesNothingBehindWhenItWasPausedAsItsJvmWasKilled() throws Exception {
        try (ChildJvm child = ChildJvm.start(RedisChild.class, dir.toString())) {
            ProcessHandle redis =
                    ProcessHandle.of(Long.parseLong(child.await("pid="))).orElseThrow();
            RedisProcess.signal(redis.pid(), "STOP");
            child.kill();
            await().atMost(Duration.ofSeconds(10)).until(() -> !redis.isAlive());
        }
    }

    @Test
    void aTakenPortIsOneClearLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EmbeddedRedis redis =
                        new EmbeddedRedis(
                                EmbeddedRedisSettings.inMemory().withPort(taken.getLocalPort()))) {
            assertThatThrownBy(redis::start)
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessage(
                            "port "
                                    + taken.getLocalPort()
                                    + " (Redis) is taken by another process");
        }
    }

    @Test
    void aFolderInUseIsOneClearLine() {
        EmbeddedRedisSettings here = EmbeddedRedisSettings.inMemory().withDataDir(dir);
        try (EmbeddedRedis first = new EmbeddedRedis(here);
                EmbeddedRedis second = new EmbeddedRedis(here, Duration.ofMillis(50))) {
            first.start();
            assertThatThrownBy(second::start)
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessage(
                            "the data folder "
                                    + dir
                                    + " is in use by another Redis (process "
                                    + first.pid()
                                    + ")");
        }
    }

    @Test
    void aStalePidFileIsNoHindrance() throws Exception {
        Files.writeString(RedisPidFile.in(dir), Long.toString(ProcessHandle.current().pid()));
        try (EmbeddedRedis redis =
                new EmbeddedRedis(EmbeddedRedisSettings.inMemory().withDataDir(dir))) {
            redis.start();
            redis.stop();
            Files.writeString(RedisPidFile.in(dir), "");
            redis.start();
        }
    }

    @Test
    void itsOwnReasonIsTold() {
        try (EmbeddedRedis redis =
                new EmbeddedRedis(EmbeddedRedisSettings.inMemory().with("--no-such-thing", "1"))) {
            assertThatThrownBy(redis::start)
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("no-such-thing")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void aPausedOneStopsAllTheSame() {
        try (EmbeddedRedis redis = new EmbeddedRedis(EmbeddedRedisSettings.inMemory())) {
            redis.start();
            redis.pause();
            redis.stop();
            assertThat(redis.isRunning()).isFalse();
        }
    }

    @Test
    void theTerminalsInterruptDoesNotReachIt() throws Exception {
        try (EmbeddedRedis redis = new EmbeddedRedis(EmbeddedRedisSettings.inMemory())) {
            redis.start();
            assertThat(session(redis.pid())).isNotEqualTo(session(ProcessHandle.current().pid()));
        }
    }

    /** The session id of a process: field 6 of its stat line, where there is a /proc. */
    private static String session(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        assumeTrue(Files.exists(stat));
        String text = Files.readString(stat);
        String afterName = text.substring(text.lastIndexOf(')') + 2);
        return List.of(afterName.split(" ")).get(3);
    }

    private static @Nullable Object call(EmbeddedRedis redis, String... command)
            throws IOException {
        try (RedisWire wire = RedisWire.connect(redis.port())) {
            return wire.call(command);
        }
    }
}
