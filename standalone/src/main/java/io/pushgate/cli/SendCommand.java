package io.pushgate.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pushgate.protocol.InvalidRequestException;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Target;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.config.KafkaConfig;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.standalone.Errors;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

@Command(
        name = "send",
        header = "Sends one push and prints its message id.",
        description =
                "%nPublishes to the Kafka topic push.requests, or that of its priority, and waits until"
                        + " Kafka has it; what becomes of it is told on push.receipts.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate send --app shop --device pos-7 --data '{\"order\":42}'",
            "  ./pushgate send --app shop --user ann --id order-42-paid --ttl 1h --receipt",
            "  ./pushgate send --app shop --group berlin --platform pos --data '{\"price\":3}'",
            "  ./pushgate send --app shop --device pos-7 --data - < push.json"
        })
final class SendCommand extends Subcommand {
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(30);

    @Option(names = "--app", required = true, paramLabel = "APP", description = "The app.")
    private String app = "";

    @ArgGroup(multiplicity = "1")
    private To to = new To();

    @Option(
            names = "--platform",
            split = ",",
            paramLabel = "NAME",
            description = "Only devices of these platforms.")
    private Set<String> platforms = new LinkedHashSet<>();

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "Message id; the same one within 24 h is the same message.")
    private @Nullable String id;

    @Option(
            names = "--data",
            defaultValue = "{}",
            paramLabel = "JSON",
            description = "What the device gets, - for standard input (default: ${DEFAULT-VALUE}).")
    private String data = "{}";

    @Option(
            names = "--ttl",
            defaultValue = "7d",
            converter = Durations.class,
            paramLabel = "TIME",
            description = "How long it may wait for the device (default: ${DEFAULT-VALUE}).")
    private Duration ttl = PushRequest.MAX_TTL;

    @Option(
            names = "--priority",
            defaultValue = "normal",
            paramLabel = "LANE",
            description = "high, normal or bulk (default: ${DEFAULT-VALUE}).")
    private Priority priority = Priority.NORMAL;

    @Option(
            names = "--collapse",
            paramLabel = "KEY",
            description = "Replaces an older undelivered message with the same key.")
    private @Nullable String collapse;

    @Option(
            names = "--deliver-at",
            converter = Times.class,
            paramLabel = "TIME",
            description = "Not before this time, at most 30 days ahead: 2026-12-24T18:00:00Z.")
    private @Nullable Instant deliverAt;

    @Option(
            names = "--first-ack",
            description =
                    "The first device that acks it keeps it; the others' copies are taken back.")
    private boolean firstAck;

    @Option(names = "--receipt", description = "Asks for receipts of success too.")
    private boolean receipt;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Kafka to publish to (default: that of the running standalone).")
    private @Nullable String kafka;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with the section kafka.")
    private @Nullable Path config;

    /** Whom to send to: exactly one of these. */
    static final class To {
        @Option(
                names = "--device",
                paramLabel = "DEVICE",
                description = "To a device; may be given several times.")
        private List<String> devices = List.of();

        @Option(names = "--user", paramLabel = "USER", description = "To all devices of a user.")
        private @Nullable String user;

        @Option(names = "--group", paramLabel = "GROUP", description = "To a group of devices.")
        private @Nullable String group;

        @Option(names = "--all", description = "To every device of the app.")
        private boolean all;

        /**
         * The same for the same receivers, so that what is sent to them one by one stays in order.
         */
        private String key() {
            return Stream.of(devices.stream(), Stream.ofNullable(user), Stream.ofNullable(group))
                    .flatMap(names -> names)
                    .collect(Collectors.joining(","));
        }

        private Target target(Set<String> platforms) {
            if (user != null) {
                return new Target.User(user, platforms);
            }
            if (group != null) {
                return new Target.Group(group, platforms);
            }
            if (all) {
                return new Target.All(platforms);
            }
            return devices.size() == 1
                    ? new Target.Device(devices.getFirst(), platforms)
                    : new Target.Devices(List.copyOf(new LinkedHashSet<>(devices)), platforms);
        }
    }

    @Override
    public Integer call() throws Exception {
        String messageId = id == null ? MessageIds.next() : id;
        byte[] request = request(messageId);
        KafkaConfig target = patient(new Whereabouts(System.getenv(), null).kafka(kafka, config));
        publish(target, Topics.requests(priority), app + "/" + to.key(), request);
        print(messageId);
        return 0;
    }

    // A server must not block for long; a person rather waits for a busy Kafka than tries again.
    private static KafkaConfig patient(KafkaConfig kafka) {
        Map<String, String> properties = new HashMap<>(kafka.properties());
        properties.putIfAbsent("max.block.ms", Long.toString(ACK_TIMEOUT.toMillis()));
        return new KafkaConfig(
                kafka.bootstrapServers(),
                kafka.partitions(),
                kafka.replication(),
                properties,
                kafka.security());
    }

    private byte[] request(String messageId) throws Exception {
        byte[] payload =
                data.equals("-") ? System.in.readAllBytes() : data.getBytes(StandardCharsets.UTF_8);
        requireJson(payload);
        byte[] request =
                PushRequestCodec.encode(
                        new PushRequest(
                                messageId,
                                app,
                                to.target(platforms),
                                payload,
                                ttl,
                                priority,
                                collapse,
                                deliverAt == null ? 0 : deliverAt.toEpochMilli(),
                                firstAck ? PushRequest.CancelOn.FIRST_ACK : null,
                                receipt,
                                false));
        try {
            // What the gateway would refuse is better refused here, where somebody reads it.
            PushRequestCodec.decode(request);
            requireSoonEnough();
            return request;
        } catch (InvalidRequestException e) {
            throw wrongUsage(Errors.reason(e), e);
        }
    }

    private void requireSoonEnough() {
        Duration most = PushRequest.MAX_DELAY;
        if (deliverAt != null && deliverAt.isAfter(Instant.now().plus(most))) {
            throw wrongUsage("--deliver-at is more than " + most.toDays() + " days ahead");
        }
    }

    // The codec would tell the place within the whole request, which nobody typed.
    private void requireJson(byte[] payload) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(payload)) {
            if (parser.nextToken() == null) {
                throw wrongUsage("--data is empty: it takes JSON, such as '{\"order\":42}'");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw wrongUsage("--data holds more than one JSON value");
            }
        } catch (JsonProcessingException e) {
            throw wrongUsage("--data is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void publish(KafkaConfig target, String topic, String key, byte[] request)
            throws CommandFailure, InterruptedException {
        try (KafkaPublisher publisher =
                new KafkaPublisher(target, "pushgate-send", new SimpleMeterRegistry())) {
            publisher
                    .send(topic, key.getBytes(StandardCharsets.UTF_8), request, List.of())
                    .toCompletableFuture()
                    .get(ACK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new CommandFailure(
                    "Kafka at "
                            + target.bootstrapServers()
                            + " did not take it: "
                            + Errors.reason(e.getCause() == null ? e : e.getCause()),
                    e);
        } catch (TimeoutException e) {
            throw new CommandFailure(
                    "Kafka at "
                            + target.bootstrapServers()
                            + " did not answer within "
                            + ACK_TIMEOUT.toSeconds()
                            + " s; the push may still have arrived there",
                    e);
        }
    }
}
