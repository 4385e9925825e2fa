package io.pushgate.delayer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.runtime.config.ConfigLoader;
import io.pushgate.testkit.TestRedis;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a delayer with every default costs Redis while nothing is overdue. */
class IdleCostTest {
    private static final Logger log = LoggerFactory.getLogger(IdleCostTest.class);
    private static final int SHARDS = 1024;

    @Test
    void anIdleDelayerAsksLittle() throws Exception {
        try (Rig rig = new Rig(SHARDS)) {
            DelayerConfig defaults =
                    ConfigLoader.load(DelayerConfig.class, null, Map.of(), Map.of());
            rig.lease();
            rig.register("d");
            rig.offer("m", Duration.ofHours(1), List.of("d"));
            try (Delayer delayer = new Delayer(defaults, rig.context)) {
                delayer.start();
                await("every shard was seen once")
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> rig.count(DelayerMeters.CHECKS, "kind", "due") >= SHARDS);
                double before = checks(rig);
                long calls = evalshaCalls();
                long micros = evalshaMicros();
                long start = System.nanoTime();
                await("a while")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> rig.count(DelayerMeters.CHECKS, "kind", "due") >= 2 * SHARDS);
                double seconds = (System.nanoTime() - start) / 1e9;
                log.info(
                        "idle, {} shards: {} checks/s, {} scripts/s, {} % of Redis",
                        SHARDS,
                        Math.round((checks(rig) - before) / seconds),
                        Math.round((evalshaCalls() - calls) / seconds),
                        Math.round((evalshaMicros() - micros) / seconds / 1000) / 10.0);
                assertThat((evalshaCalls() - calls) / seconds).isLessThan(1000);
            }
        }
    }

    private static double checks(Rig rig) {
        return rig.count(DelayerMeters.CHECKS, "kind", "due")
                + rig.count(DelayerMeters.CHECKS, "kind", "sweep");
    }

    private static long evalshaCalls() {
        return evalsha("calls=(\\d+)");
    }

    private static long evalshaMicros() {
        return evalsha("usec=(\\d+)");
    }

    private static long evalsha(String field) {
        Object info = TestRedis.shared().command("INFO", "commandstats");
        String text =
                info instanceof byte[] bytes ? new String(bytes, UTF_8) : Objects.toString(info);
        Matcher matcher = Pattern.compile("cmdstat_evalsha:.*?" + field).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
