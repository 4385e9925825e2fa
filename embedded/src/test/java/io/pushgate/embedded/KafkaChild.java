package io.pushgate.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** Starts a Kafka in the given folder, writes to it, and waits to be killed. */
final class KafkaChild {
    private KafkaChild() {}

    public static void main(String[] arguments) throws IOException {
        EmbeddedKafka kafka =
                new EmbeddedKafka(
                        EmbeddedKafkaSettings.temporary().withDataDir(Path.of(arguments[0])));
        kafka.start();
        KafkaTestClient client = new KafkaTestClient(kafka.bootstrapServers());
        client.createTopic("orders", 3);
        client.send("orders", "before the kill");
        System.out.println("written=yes");
        while (System.in.read() >= 0) {
            // Until the parent is gone.
        }
        System.exit(1);
    }
}
