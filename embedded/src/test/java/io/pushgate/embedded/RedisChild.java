package io.pushgate.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** Starts a Redis in the given folder, writes to it, and waits to be killed. */
final class RedisChild {
    private RedisChild() {}

    public static void main(String[] arguments) throws IOException {
        EmbeddedRedis redis =
                new EmbeddedRedis(
                        EmbeddedRedisSettings.inMemory().withDataDir(Path.of(arguments[0])));
        redis.start();
        try (RedisWire wire = RedisWire.connect(redis.port())) {
            for (int i = 0; i < 1_000; i++) {
                wire.call("SET", "last", Integer.toString(i));
            }
        }
        System.out.println("pid=" + redis.pid());
        while (System.in.read() >= 0) {
            // Until the parent is gone.
        }
        System.exit(1);
    }
}
