package io.pushgate.faults.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.faults.load.RecordReader;
import io.pushgate.protocol.Topics;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Records that nobody can read stand among the good ones: those around them must not suffer. */
public final class Poison implements Scenario {
    private static final int RANDOM_RECORDS = 200;

    @Override
    public String name() {
        return "poison";
    }

    @Override
    public String summary() {
        return "unreadable records among the requests and the deliveries; each is rejected by itself";
    }

    @Override
    public void plan(Plan plan) {
        AtomicInteger rejected = new AtomicInteger();
        AtomicInteger sent = new AtomicInteger();
        plan.at(
                1,
                "read push.rejected",
                scene ->
                        scene.own(
                                new RecordReader(
                                        scene.cluster().kafka().bootstrapServers(),
                                        Topics.REJECTED,
                                        _ -> rejected.incrementAndGet())));
        List<byte[]> poison = poison(plan.random());
        plan.at(
                2,
                "poison " + poison.size() + " requests and as many deliveries",
                scene -> {
                    for (byte[] value : poison) {
                        byte[] key = scene.devices().name(sent.get() % 10).getBytes(UTF_8);
                        scene.publisher().sendRaw(Topics.REQUESTS, key, value);
                        scene.publisher().sendRaw(Topics.DELIVERIES, key, value);
                        sent.incrementAndGet();
                    }
                    scene.publisher().sendRaw(Topics.REQUESTS, null, null);
                    sent.incrementAndGet();
                });
        plan.at(
                plan.isShort() ? 8 : 14,
                "count what was rejected",
                scene -> {
                    scene.note(
                            rejected.get() + " of " + sent.get() + " poisoned requests rejected");
                    scene.expect(
                            rejected.get() >= sent.get(),
                            "only %d of %d poisoned requests came to push.rejected"
                                    .formatted(rejected.get(), sent.get()));
                });
    }

    private static List<byte[]> poison(SplittableRandom random) {
        List<byte[]> poison = new ArrayList<>();
        for (String text :
                List.of(
                        "",
                        "{",
                        "null",
                        "[]",
                        "{}",
                        "{\"id\":\"a b\",\"app\":\"x\",\"to\":{\"device\":\"d\"},\"data\":1}",
                        "{\"id\":\"a\",\"app\":\"x\",\"to\":{\"device\":\"d/../e\"},\"data\":1}",
                        "{\"id\":\"a\",\"app\":\"x\",\"to\":{},\"data\":1}",
                        "{\"id\":\"a\",\"app\":\"x\",\"to\":{\"device\":\"d\"},\"data\":1,\"ttl\":-5}",
                        "{\"id\":\"a\",\"app\":\"x\",\"to\":{\"device\":\"d\"},\"data\":1,\"what\":1}",
                        "[".repeat(50_000),
                        "{\"a\":".repeat(20_000))) {
            poison.add(text.getBytes(UTF_8));
        }
        poison.add(new byte[600_000]);
        for (int i = 0; i < RANDOM_RECORDS; i++) {
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            poison.add(bytes);
        }
        return poison;
    }
}
