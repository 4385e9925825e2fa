package io.pushgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Target;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.runtime.kafka.KafkaTopics;
import io.pushgate.testkit.Orders;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TestRedis;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** From requests in a real Kafka to dictionaries in a real Redis. */
class DictionaryCommandTest {
    private final String app = "app-" + UUID.randomUUID();
    private final KafkaConfig kafka = TestKafka.shared().config(3);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    private int train() {
        return run(
                "dictionary",
                "train",
                "--app",
                app,
                "--samples",
                "300",
                "--kafka",
                kafka.bootstrapServers(),
                "--redis",
                TestRedis.shared().config().uri());
    }

    private int list() {
        return run(
                "dictionary", "list", "--app", app, "--redis", TestRedis.shared().config().uri());
    }

    private void publish(Orders orders, int count) throws Exception {
        KafkaTopics.ensure(kafka, Map.of(Topics.REQUESTS, Map.of()));
        try (KafkaPublisher publisher =
                new KafkaPublisher(kafka, "dictionary-test", new SimpleMeterRegistry())) {
            List<CompletableFuture<?>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                // Others' requests and what is none lie between.
                send(publisher, sent, request("o" + i, app, orders.next()));
                send(publisher, sent, request("n" + i, app + "-other", new byte[] {'1'}));
                send(publisher, sent, "no request".getBytes(UTF_8));
            }
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get();
        }
    }

    private static byte[] request(String id, String app, byte[] data) {
        return PushRequestCodec.encode(
                PushRequest.of(id, app, new Target.Device("pos-7", Set.of()), data));
    }

    private static void send(
            KafkaPublisher publisher, List<CompletableFuture<?>> sent, byte[] value)
            throws InterruptedException {
        byte[] key = {(byte) sent.size()};
        sent.add(publisher.send(Topics.REQUESTS, key, value, List.of()).toCompletableFuture());
    }

    @Test
    void trainsFromTrafficAndListsWhatThereIs() throws Exception {
        publish(new Orders(7), 50);
        assertThat(train()).isOne();
        assertThat(err.toString()).contains("are too few: 100 are needed");
        assertThat(list()).isZero();
        assertThat(err.toString()).contains("has no dictionary");

        publish(new Orders(8), 150);
        assertThat(train()).isZero();
        assertThat(err.toString()).contains("200 payloads of " + app);
        assertThat(out.toString()).startsWith("version 1 of " + app + ", in use from 2");
        assertThat(list()).isZero();
        assertThat(out.toString()).contains("version 1  id ", " bytes from 180 payloads  in use ");
    }

    @Test
    void aWrongNumberOfSamplesIsWrongUsage() {
        assertThat(run("dictionary", "train", "--app", app, "--samples", "5")).isEqualTo(2);
        assertThat(err.toString()).contains("--samples takes 100 to 5,000, not 5");
        assertThat(run("dictionary")).isEqualTo(2);
    }
}
