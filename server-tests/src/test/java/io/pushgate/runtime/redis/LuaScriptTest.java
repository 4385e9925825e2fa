package io.pushgate.runtime.redis;

import static io.pushgate.runtime.redis.RedisTests.awaitOk;
import static io.pushgate.runtime.redis.RedisTests.bytes;
import static io.pushgate.runtime.redis.RedisTests.get;
import static io.pushgate.runtime.redis.RedisTests.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.pushgate.testkit.TestRedis;
import io.pushgate.testkit.TestRedisCluster;
import io.pushgate.testkit.TestTopics;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletionStage;

class LuaScriptTest {
    private final LuaScript count = LuaScript.load(LuaScriptTest.class, "count.lua");

    @Test
    void runsOnAServerThatNeverSawItAndAfterScriptFlush() throws Exception {
        try (RedisConnection redis = RedisConnection.open(TestRedis.shared().config())) {
            awaitOk(redis);
            String key = TestTopics.unique("counter");
            TestRedis.shared().command("SCRIPT", "FLUSH");
            assertThat(add(redis, key, 2)).isEqualTo(2);
            assertThat(TestRedis.shared().command("SCRIPT", "EXISTS", count.digest()))
                    .isEqualTo(List.of(1L));
            assertThat(add(redis, key, 3)).isEqualTo(5);
            TestRedis.shared().command("SCRIPT", "FLUSH");
            assertThat(add(redis, key, 4)).isEqualTo(9);
        }
    }

    @Test
    void runsAfterARestart() throws Exception {
        try (TestRedis server = TestRedis.start();
                RedisConnection redis = RedisConnection.open(server.config())) {
            awaitOk(redis);
            assertThat(add(redis, "counter", 1)).isEqualTo(1);
            server.kill();
            RedisTests.awaitNotOk(redis);
            server.restart();
            awaitOk(redis);
            assertThat(add(redis, "counter", 1)).isEqualTo(1);
        }
    }

    @Test
    void runsOnEveryNodeOfACluster() throws Exception {
        try (RedisConnection redis = RedisConnection.open(TestRedisCluster.shared().config())) {
            awaitOk(redis);
            for (int i = 0; i < 12; i++) {
                assertThat(add(redis, TestTopics.unique("counter"), 7)).isEqualTo(7);
            }
        }
    }

    @Test
    void anErrorOfTheScriptIsTheFailureOfItsStage() throws Exception {
        try (RedisConnection redis = RedisConnection.open(TestRedis.shared().config())) {
            awaitOk(redis);
            CompletionStage<List<Object>> result =
                    count.run(
                            redis,
                            ScriptOutputType.MULTI,
                            new byte[][] {bytes(TestTopics.unique("counter"))},
                            bytes("no number"));
            assertThatThrownBy(() -> get(result))
                    .hasCauseInstanceOf(RedisCommandExecutionException.class)
                    .hasMessageContaining("not an integer");
        }
    }

    @Test
    void aMissingResourceIsNoticedAtOnce() {
        assertThatThrownBy(() -> LuaScript.load(LuaScriptTest.class, "nothing.lua"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing.lua");
    }

    private long add(RedisConnection redis, String key, int by) throws Exception {
        List<Object> answer =
                get(
                        count.run(
                                redis,
                                ScriptOutputType.MULTI,
                                new byte[][] {bytes(key)},
                                bytes(Integer.toString(by))));
        assertThat(text((byte[]) answer.get(0))).isEqualTo("at");
        return (Long) answer.get(1);
    }
}
