package io.pushgate.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

class EmbeddedKafkaTest {
    @TempDir Path dir;

    @Test
    void stopsAndStartsAgainOnTheSamePortAndData() {
        try (EmbeddedKafka kafka = new EmbeddedKafka(EmbeddedKafkaSettings.temporary())) {
            kafka.start();
            int port = kafka.port();
            KafkaTestClient client = new KafkaTestClient(kafka.bootstrapServers());
            client.createTopic("orders", 3);
            client.send("orders", "first");

            kafka.stop();
            assertThat(kafka.isRunning()).isFalse();
            assertThat(FreePorts.isFree(port)).isTrue();

            kafka.start();
            assertThat(kafka.port()).isEqualTo(port);
            client.send("orders", "second");
            assertThat(client.read("orders", 2)).containsExactlyInAnyOrder("first", "second");
        }
    }

    @Test
    void goesOnWithTheDataOfAKilledJvm() throws Exception {
        try (ChildJvm child = ChildJvm.start(KafkaChild.class, dir.toString())) {
            child.await("written=");
            child.kill();
        }
        try (EmbeddedKafka kafka =
                new EmbeddedKafka(EmbeddedKafkaSettings.temporary().withDataDir(dir))) {
            kafka.start();
            KafkaTestClient client = new KafkaTestClient(kafka.bootstrapServers());
            client.send("orders", "after it");
            assertThat(client.read("orders", 2))
                    .containsExactlyInAnyOrder("before the kill", "after it");
        }
    }

    @Test
    void aTakenPortIsOneClearLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EmbeddedKafka kafka =
                        new EmbeddedKafka(
                                EmbeddedKafkaSettings.temporary().withPort(taken.getLocalPort()))) {
            assertThatThrownBy(kafka::start)
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessage(
                            "port "
                                    + taken.getLocalPort()
                                    + " (Kafka) is taken by another process");
        }
    }

    @Test
    void aFolderInUseIsOneClearLine() throws IOException {
        try (DirLock held = DirLock.take(dir);
                EmbeddedKafka kafka =
                        new EmbeddedKafka(EmbeddedKafkaSettings.temporary().withDataDir(dir))) {
            assertThat(held).isNotNull();
            assertThatThrownBy(kafka::start)
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessage("the data folder " + dir + " is in use by another Kafka");
        }
    }

    @Test
    void itsOwnReasonIsTold() {
        try (EmbeddedKafka kafka =
                new EmbeddedKafka(
                        EmbeddedKafkaSettings.temporary().with("num.io.threads", "none"))) {
            assertThatThrownBy(kafka::start)
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("num.io.threads");
        }
    }
}
