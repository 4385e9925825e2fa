package io.pushgate.mailbox;

import io.pushgate.testkit.TestRedis;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a Redis server has done until now, as it says itself.
 *
 * @param cpuMicros of all its threads, in user and system mode
 * @param calls how often each command ran, inside of scripts, too; without {@code info}
 */
record RedisLoad(double cpuMicros, Map<String, Long> calls) {
    private static final String COMMAND = "cmdstat_";
    private static final String CALLS = ":calls=";

    static RedisLoad of(TestRedis redis) {
        String info =
                Objects.requireNonNull(redis.command("INFO", "cpu"))
                        + "\r\n"
                        + redis.command("INFO", "commandstats");
        double cpuMicros = 0;
        Map<String, Long> calls = new TreeMap<>();
        for (String line : info.lines().toList()) {
            if (line.startsWith("used_cpu_user:") || line.startsWith("used_cpu_sys:")) {
                cpuMicros += 1e6 * Double.parseDouble(line.substring(line.indexOf(':') + 1));
            } else if (line.startsWith(COMMAND)) {
                String name = line.substring(COMMAND.length(), line.indexOf(':'));
                int at = line.indexOf(CALLS) + CALLS.length();
                calls.put(name, Long.parseLong(line.substring(at, line.indexOf(',', at))));
            }
        }
        calls.remove("info");
        return new RedisLoad(cpuMicros, calls);
    }

    /** What was done since then; the commands that were not called are left out. */
    RedisLoad since(RedisLoad before) {
        Map<String, Long> more = new TreeMap<>();
        calls.forEach(
                (name, count) -> {
                    long called = count - before.calls.getOrDefault(name, 0L);
                    if (called > 0) {
                        more.put(name, called);
                    }
                });
        return new RedisLoad(cpuMicros - before.cpuMicros, more);
    }

    /** Of all commands, those that run a script among them. */
    long commands() {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }
}
