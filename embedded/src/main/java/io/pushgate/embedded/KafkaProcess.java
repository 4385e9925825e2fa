package io.pushgate.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * An {@link EmbeddedKafka} in a JVM of its own, to be killed and frozen as a real broker is.
 *
 * <p>{@code KafkaProcess <dir> <port> [name=value …]}, with broker properties at the end. Prints
 * {@code ready} when it takes requests; ends, with what it has flushed, on SIGTERM or when its
 * stdin does, which is when its parent is gone.
 */
public final class KafkaProcess {
    /** What is printed when it takes requests. */
    public static final String READY = "ready";

    private KafkaProcess() {}

    /** Runs until it is told to stop; exit code 1 and one line where Kafka does not start. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            throw new IllegalArgumentException("usage: KafkaProcess <dir> <port> [name=value ...]");
        }
        Map<String, String> properties = new HashMap<>();
        for (int i = 2; i < args.length; i++) {
            int equals = args[i].indexOf('=');
            properties.put(args[i].substring(0, equals), args[i].substring(equals + 1));
        }
        EmbeddedKafka kafka =
                new EmbeddedKafka(
                        new EmbeddedKafkaSettings(
                                Integer.parseInt(args[1]), Path.of(args[0]), properties));
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "kafka-stop"));
        try {
            kafka.start();
        } catch (EmbeddedException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Nobody has anything to say to it; only the end counts.
        }
        System.exit(0);
    }
}
