package io.pushgate.mailbox;

import static io.pushgate.mailbox.Fixture.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

class ApiKeysTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1234));

    private static ApiKeys keys(Backend backend) {
        Fixture.on(backend);
        return new ApiKeys(backend.connection(), CLOCK);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyIsFoundByAllOfItOnly(Backend backend) {
        ApiKeys keys = keys(backend);
        String key = keys.generate();
        assertThat(ApiKeys.isWellFormed(key)).isTrue();
        assertThat(get(keys.find(key))).isEmpty();
        ApiKey made = get(keys.add(key, "shop"));
        assertThat(get(keys.find(key))).contains(made);
        assertThat(made.createdAt()).isEqualTo(1234);
        assertThat(made.mayUse("shop")).isTrue();
        assertThat(made.mayUse("other")).isFalse();
        String forged = key.substring(0, 17) + keys.generate().substring(17);
        assertThat(ApiKeys.isWellFormed(forged)).isTrue();
        assertThat(get(keys.find(forged))).isEmpty();
        assertThat(get(keys.find("x"))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theSecretIsNotInRedis(Backend backend) {
        ApiKeys keys = keys(backend);
        String key = keys.generate();
        ApiKey made = get(keys.add(key, null));
        assertThat(made.isAdmin()).isTrue();
        Map<String, String> stored = new HashMap<>();
        get(backend.connection().commands().hgetall(Bytes.of("{apikeys}keys")))
                .forEach((id, value) -> stored.put(Bytes.text(id), Bytes.text(value)));
        assertThat(stored).containsOnlyKeys(made.id());
        assertThat(stored.get(made.id())).matches("admin\\|\\|1234\\|[0-9a-f]{64}");
        assertThat(stored.toString()).doesNotContain(key.substring(17));
    }

    @ParameterizedTest
    @EnumSource
    void aRevokedKeyIsGone(Backend backend) {
        ApiKeys keys = keys(backend);
        String key = keys.generate();
        ApiKey made = get(keys.add(key, "shop"));
        assertThat(get(keys.list())).containsExactly(made);
        assertThat(get(keys.revoke(made.id()))).isTrue();
        assertThat(get(keys.revoke(made.id()))).isFalse();
        assertThat(get(keys.find(key))).isEmpty();
        assertThat(get(keys.list())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void thereAreOnlySoMany(Backend backend) {
        ApiKeys keys = keys(backend);
        CompletionStage<Boolean> last = CompletableFuture.completedFuture(true);
        for (int i = 0; i < ApiKeys.MAX_KEYS; i++) {
            last =
                    backend.connection()
                            .commands()
                            .hset(Bytes.of("{apikeys}keys"), Bytes.of("k" + i), Bytes.of("x"));
        }
        get(last);
        assertThatThrownBy(() -> get(keys.add(keys.generate(), "shop")))
                .hasStackTraceContaining("10000 API keys already");
    }
}
