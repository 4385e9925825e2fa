package io.pushgate.faults.scenario;

import io.pushgate.faults.cluster.ClusterUnderTest;
import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.process.DebianPackage;
import io.pushgate.faults.process.PacketFilter;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The kernel drops packets, and TCP has to make up for it. */
public final class PacketLoss implements Scenario {
    /** Which packets are dropped. */
    public enum Fault {
        /** One in twenty of all links: devices, Redis and Kafka. */
        LOSS,
        /** All between one access node and its devices: nobody gets as much as a FIN. */
        DEVICES,
        /** All between every access node and Redis. */
        REDIS,
        /** All between everybody and Kafka. */
        KAFKA
    }

    private static final int LOSS_PERCENT = 5;
    private static final int LASTS_SECONDS = 12;

    private final Fault fault;

    public PacketLoss(Fault fault) {
        this.fault = fault;
    }

    @Override
    public String name() {
        return "packets-" + fault.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String summary() {
        return switch (fault) {
            case LOSS -> "the kernel drops 5% of the packets on every link for 12 s";
            case DEVICES -> "every packet between devices and one access node is dropped for 12 s";
            case REDIS -> "every packet between access nodes and Redis is dropped for 12 s";
            case KAFKA -> "every packet from and to Kafka is dropped for 12 s";
        };
    }

    @Override
    public List<DebianPackage> packages() {
        return List.of(DebianPackage.NFTABLES);
    }

    @Override
    public boolean isBounded() {
        // TCP waits up to twice as long after each packet it lost, whatever the gateway does.
        return fault != Fault.LOSS;
    }

    @Override
    public void plan(Plan plan) {
        int index = plan.random().nextInt(Kind.ACCESS.count());
        plan.at(
                plan.around(2),
                "drop packets",
                scene -> {
                    PacketFilter filter = scene.own(new PacketFilter());
                    begin(scene, filter, index);
                    scene.sleep(Duration.ofSeconds(LASTS_SECONDS));
                    filter.heal();
                });
        plan.at(3 + LASTS_SECONDS + (plan.isShort() ? 3 : 12), "look on", scene -> {});
    }

    private void begin(Scene scene, PacketFilter filter, int index) {
        ClusterUnderTest cluster = scene.cluster();
        Duration lasts = Duration.ofSeconds(LASTS_SECONDS);
        int redis = cluster.redisProxy(Kind.ACCESS).port();
        switch (fault) {
            case LOSS -> {
                scene.fault(name(), null);
                filter.lose(LOSS_PERCENT, everyPort(cluster));
            }
            case DEVICES -> {
                scene.faultOf(scene.role(Kind.ACCESS, index), Bounds.deadPeer());
                filter.lose(100, cluster.deviceProxy(index).port());
            }
            case REDIS -> {
                scene.fault(name(), Bounds.afterRedis(lasts).plus(Bounds.afterLostMessages()));
                filter.lose(100, redis);
            }
            case KAFKA -> {
                scene.fault(name(), Bounds.afterKafka(lasts));
                filter.lose(100, cluster.kafka().port());
            }
        }
    }

    private static int[] everyPort(ClusterUnderTest cluster) {
        IntStream devices =
                IntStream.range(0, Kind.ACCESS.count()).map(i -> cluster.deviceProxy(i).port());
        IntStream redis =
                Arrays.stream(Kind.values()).mapToInt(kind -> cluster.redisProxy(kind).port());
        return IntStream.concat(
                        IntStream.concat(devices, redis), IntStream.of(cluster.kafka().port()))
                .toArray();
    }
}
