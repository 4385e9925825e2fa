package io.pushgate.runtime.redis;

import static io.pushgate.runtime.redis.RedisTests.awaitOk;
import static io.pushgate.runtime.redis.RedisTests.bytes;
import static io.pushgate.runtime.redis.RedisTests.get;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ScriptOutputType;
import io.pushgate.embedded.EmbeddedRedisSettings;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.config.RedisSecurity;
import io.pushgate.runtime.config.Secret;
import io.pushgate.testkit.TestAuthority;
import io.pushgate.testkit.TestRedis;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A Redis that speaks TLS and has a user of ours. */
class RedisTlsTest {
    private static final String PASSWORD = "a \"good\" one";

    @TempDir static Path folder;
    private static TestRedis server;
    private static int port;
    private static Path ca;

    @BeforeAll
    static void start() throws IOException {
        TestAuthority authority = new TestAuthority("redis authority");
        ca = authority.write(folder.resolve("ca.crt"));
        Path certificate = folder.resolve("redis.crt");
        Path key = folder.resolve("redis.key");
        TestAuthority.Issued issued = authority.issue("redis");
        issued.writeCertificate(certificate);
        issued.writeKey(key);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server =
                TestRedis.start(
                        EmbeddedRedisSettings.inMemory()
                                .with("--tls-port", Integer.toString(port))
                                .with("--tls-cert-file", certificate.toString())
                                .with("--tls-key-file", key.toString())
                                .with("--tls-ca-cert-file", ca.toString())
                                .with("--tls-auth-clients", "no"));
        // As docs/operations.md has it.
        String rights = "~* &* +@all -@admin -@dangerous +info";
        assertThat(Files.readString(Path.of("..", "docs", "operations.md"))).contains(rights);
        List<String> user = new ArrayList<>(List.of("ACL", "SETUSER", "pushgate", "on"));
        user.add(">" + PASSWORD);
        user.addAll(List.of(rights.split(" ")));
        server.command(user.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RedisConfig config(RedisSecurity security) {
        return new RedisConfig(
                "rediss://127.0.0.1:" + port,
                RedisConfig.Mode.AUTO,
                Duration.ofSeconds(3),
                security);
    }

    private static RedisSecurity user(@Nullable Secret password, @Nullable Path file) {
        return new RedisSecurity("pushgate", password, file, ca);
    }

    @Test
    void commandsAndChannelsWorkOverTlsAsOurUser() throws Exception {
        try (RedisConnection redis =
                        RedisConnection.open(config(user(new Secret(PASSWORD), null)));
                RedisChannels channels = new RedisChannels(redis)) {
            awaitOk(redis);
            List<String> heard = new CopyOnWriteArrayList<>();
            var _ = channels.subscribe("tls", message -> heard.add(RedisTests.text(message)));
            await().untilAsserted(
                            () -> {
                                get(channels.publish("tls", bytes("hello")));
                                assertThat(heard).contains("hello");
                            });
            PinnedConnection pinned = get(redis.pinned().to(bytes("k")));
            assertThat(get(pinned.commands().set(bytes("k"), bytes("v")))).isEqualTo("OK");
            get(pinned.replicated(bytes("mark"), 0, Duration.ofSeconds(1)));
            byte[] time =
                    get(
                            redis.commands()
                                    .eval("return redis.call('time')[1]", ScriptOutputType.VALUE));
            assertThat(RedisTests.text(time)).matches("\\d+");

            assertThat(String.valueOf(server.command("CLIENT", "LIST")).lines())
                    .filteredOn(line -> !line.contains("cmd=client"))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("user=pushgate"));
        }
    }

    @Test
    void thePasswordIsReadAgainAtEachConnect() throws Exception {
        Path file = folder.resolve("password");
        Files.writeString(file, PASSWORD + "\n");
        try (RedisConnection redis = RedisConnection.open(config(user(null, file)))) {
            awaitOk(redis);
            server.command("ACL", "SETUSER", "pushgate", "resetpass", ">another");
            Files.writeString(file, "another\n");
            server.command("CLIENT", "KILL", "USER", "pushgate");
            await().ignoreExceptions() // not connected for a moment
                    .untilAsserted(
                            () ->
                                    assertThat(get(redis.commands().set(bytes("k"), bytes("v"))))
                                            .isEqualTo("OK"));
        } finally {
            server.command("ACL", "SETUSER", "pushgate", "resetpass", ">" + PASSWORD);
        }
        try (RedisConnection wrong =
                RedisConnection.open(config(user(new Secret("no such word"), null)))) {
            await().untilAsserted(() -> assertThat(wrong.check().detail()).contains("WRONGPASS"));
            assertThat(wrong.check().detail()).doesNotContain("no such word");
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsRefused() throws Exception {
        Path other = new TestAuthority("another").write(folder.resolve("other.crt"));
        try (RedisConnection redis =
                RedisConnection.open(config(new RedisSecurity(null, null, null, other)))) {
            await().untilAsserted(
                            () ->
                                    assertThat(redis.check().detail())
                                            .contains("certification path"));
            assertThat(redis.check().ok()).isFalse();
        }
    }

    @Test
    void mistakesAreToldAtOnceAndWithoutThePassword() {
        assertThatThrownBy(
                        () ->
                                RedisConnection.open(
                                        config(user(null, folder.resolve("no-such-file")))))
                .hasMessageContaining("redis.security.password-file: cannot read");
        assertThatThrownBy(
                        () ->
                                RedisConnection.open(
                                        config(
                                                new RedisSecurity(
                                                        null,
                                                        null,
                                                        null,
                                                        folder.resolve("no-such-ca")))))
                .hasMessageContaining("redis.security.ca: cannot read");
        assertThatThrownBy(() -> new RedisSecurity("pushgate", null, null, null))
                .hasMessageContaining("needs a password");
        assertThat(user(new Secret(PASSWORD), null).toString()).doesNotContain(PASSWORD);
    }
}
