package io.pushgate.purger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.testkit.TestKafka;
import io.pushgate.testkit.TestRedis;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a poll of 500 records costs. */
class PollCostTest {
    private static final Logger log = LoggerFactory.getLogger(PollCostTest.class);

    @Test
    void aPollCostsAHandfulOfRoundTrips() throws Exception {
        try (Rig rig = new Rig(TestRedis.shared().uri(), TestKafka.shared().bootstrapServers());
                KafkaPublisher kafka = new KafkaPublisher(rig.kafka, "cost", rig.registry);
                SureProducer producer = new SureProducer(10_000, backoff(), rig.registry)) {
            rig.register("till", "pos", "ann");
            RedisCalls redis = new RedisCalls(backoff(), rig.registry);
            Outbound outbound =
                    new Outbound(
                            kafka,
                            new ReceiptPublisher(
                                    kafka, rig.mailbox, rig.context.bus(), rig.registry),
                            producer,
                            rig.registry);
            LostWrites lost = new LostWrites(rig.mailbox, Duration.ZERO);
            RequestHandler handler =
                    new RequestHandler(
                            new TargetResolver(rig.mailbox, 500, 10_000),
                            new NoteStep(rig.mailbox.messages(), redis),
                            new ScheduleStep(
                                    rig.mailbox.schedule(),
                                    redis,
                                    lost,
                                    outbound,
                                    InstantSource.system(),
                                    rig.registry),
                            new OfferStep(
                                    rig.mailbox,
                                    redis,
                                    outbound,
                                    InstantSource.system(),
                                    rig.registry,
                                    lost,
                                    Lane.ofRequests(Lane.newGate(), Priority.NORMAL)),
                            new BroadcastStep(
                                    rig.mailbox.logs(),
                                    redis,
                                    outbound,
                                    InstantSource.system(),
                                    rig.registry,
                                    lost),
                            outbound,
                            redis,
                            InstantSource.system(),
                            rig.registry,
                            2000);
            for (int round = 0; round < 3; round++) {
                AtomicInteger done = new AtomicInteger();
                long commands = stat(rig, "total_commands_processed");
                long reads = stat(rig, "total_reads_processed");
                long start = System.nanoTime();
                handler.handle(poll(rig, round), record -> done.incrementAndGet());
                long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
                log.info(
                        "500 records: {} commands, {} reads by Redis, {} us",
                        stat(rig, "total_commands_processed") - commands,
                        stat(rig, "total_reads_processed") - reads,
                        micros);
                await().atMost(Duration.ofSeconds(10)).until(() -> done.get() == 500);
            }
            assertThat(roundTrips(rig, "devices_of")).isEqualTo(3);
            assertThat(roundTrips(rig, "note")).isEqualTo(3);
            assertThat(roundTrips(rig, "offer")).isEqualTo(3);
        }
    }

    private static long roundTrips(Rig rig, String call) {
        return rig.registry
                .get(PurgerMeters.ROUND_TRIPS.meterName())
                .tag("call", call)
                .timer()
                .count();
    }

    private static Backoff backoff() {
        return new Backoff(Duration.ofMillis(20), Duration.ofMillis(200));
    }

    private static List<ConsumerRecord<byte[], byte[]>> poll(Rig rig, int round) {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int offset = round * 500 + i;
            String json =
                    i % 100 == 0
                            ? rig.request("m" + offset, "{\"user\":\"ann\"}", "")
                            : rig.toDevice("m" + offset, "d" + i);
            batch.add(
                    new ConsumerRecord<>(
                            Topics.REQUESTS, 0, offset, new byte[0], json.getBytes(UTF_8)));
        }
        return batch;
    }

    private static long stat(Rig rig, String name) throws Exception {
        String info = rig.redis.commands().info("stats").toCompletableFuture().get();
        Matcher matcher = Pattern.compile(name + ":(\\d+)").matcher(info);
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }
}
