package io.pushgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.embedded.EmbeddedKafka;
import io.pushgate.embedded.EmbeddedKafkaSettings;
import io.pushgate.embedded.EmbeddedRedis;
import io.pushgate.embedded.EmbeddedRedisSettings;
import io.pushgate.runtime.Closer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Each role in a process of its own, against a Redis and a Kafka that were there before. */
class RoleCommandTest {
    private static final Pattern DEVICES = Pattern.compile("devices on port (\\d+)");

    @TempDir Path temp = Path.of("");

    @Test
    void fourProcessesAreAGateway() throws Exception {
        try (Closer closer = new Closer()) {
            EmbeddedRedis redis = closer.add(new EmbeddedRedis(EmbeddedRedisSettings.inMemory()));
            EmbeddedKafka kafka = closer.add(new EmbeddedKafka(EmbeddedKafkaSettings.temporary()));
            redis.start();
            kafka.start();
            Map<String, String> env =
                    Map.of(
                            "PUSHGATE_REDIS_URI", redis.uri(),
                            "PUSHGATE_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
            String data = temp.resolve("key").toString();
            List<Child> roles = new ArrayList<>();
            roles.add(
                    closer.add(
                            Child.start(
                                    temp,
                                    env,
                                    "access-server",
                                    "--port",
                                    "0",
                                    "--management-port",
                                    "0",
                                    "--data",
                                    data)));
            for (String role : List.of("delayer", "dispatcher", "purger")) {
                roles.add(closer.add(Child.start(temp, env, role, "--management-port", "0")));
            }
            roles.add(
                    closer.add(
                            Child.start(
                                    temp,
                                    env,
                                    "console",
                                    "--console-port",
                                    "0",
                                    "--management-port",
                                    "0")));
            roles.forEach(role -> role.awaitLine(" is up: "));
            String url = "ws://127.0.0.1:" + port(roles.getFirst());
            try (Child listen =
                            Child.start(
                                    temp,
                                    env,
                                    "listen",
                                    "--app",
                                    "shop",
                                    "--device",
                                    "d",
                                    "--count",
                                    "1",
                                    "--url",
                                    url,
                                    "--data",
                                    data);
                    Child send =
                            Child.start(
                                    temp,
                                    env,
                                    "send",
                                    "--app",
                                    "shop",
                                    "--device",
                                    "d",
                                    "--id",
                                    "m-1")) {
                assertThat(send.exitCode()).as("%s", send.err()).isZero();
                assertThat(listen.exitCode()).as("%s", listen.err()).isZero();
                assertThat(listen.out()).singleElement().asString().contains("\"id\":\"m-1\"");
            }
            for (Child role : roles.reversed()) {
                assertThat(role.terminate()).as("%s", role.err()).isZero();
            }
        }
    }

    private static int port(Child access) {
        Matcher matcher = DEVICES.matcher(String.join("\n", access.err()));
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    @Test
    void anAccessServerWithoutKeysRefusesToStart() throws Exception {
        try (Child access =
                Child.start(
                        temp, Map.of(), "access-server", "--port", "0", "--management-port", "0")) {
            assertThat(access.exitCode()).isEqualTo(1);
            assertThat(access.err())
                    .singleElement()
                    .asString()
                    .startsWith("pushgate: there is no key to check tokens with");
        }
    }
}
