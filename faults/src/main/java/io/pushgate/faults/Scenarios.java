package io.pushgate.faults;

import io.pushgate.faults.cluster.Kind;
import io.pushgate.faults.scenario.Baseline;
import io.pushgate.faults.scenario.BulkBroadcast;
import io.pushgate.faults.scenario.ClockJump;
import io.pushgate.faults.scenario.ClusterFailover;
import io.pushgate.faults.scenario.ClusterKill;
import io.pushgate.faults.scenario.DeviceNetwork;
import io.pushgate.faults.scenario.FreezeRole;
import io.pushgate.faults.scenario.FullRedis;
import io.pushgate.faults.scenario.GroupKill;
import io.pushgate.faults.scenario.HotDevice;
import io.pushgate.faults.scenario.KafkaFullDisk;
import io.pushgate.faults.scenario.KafkaRestart;
import io.pushgate.faults.scenario.KillRole;
import io.pushgate.faults.scenario.KilledSubscriptions;
import io.pushgate.faults.scenario.Mixed;
import io.pushgate.faults.scenario.NeverAcking;
import io.pushgate.faults.scenario.OpenFiles;
import io.pushgate.faults.scenario.PacketLoss;
import io.pushgate.faults.scenario.Poison;
import io.pushgate.faults.scenario.Rebalance;
import io.pushgate.faults.scenario.ReconnectStorm;
import io.pushgate.faults.scenario.RedisNetwork;
import io.pushgate.faults.scenario.RedisPause;
import io.pushgate.faults.scenario.RedisRestart;
import io.pushgate.faults.scenario.RollingRestart;
import io.pushgate.faults.scenario.Scenario;
import io.pushgate.faults.scenario.SendAtConnect;
import io.pushgate.faults.scenario.SentinelFailover;
import io.pushgate.faults.scenario.SlowReader;
import io.pushgate.faults.scenario.StarvedSubscription;
import io.pushgate.faults.scenario.WorstMoment;
import io.pushgate.faults.scenario.WrongOrder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every scenario there is. */
final class Scenarios {
    private static final List<Scenario> ALL = build();

    private Scenarios() {}

    static List<Scenario> all() {
        return ALL;
    }

    static Optional<Scenario> find(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }

    private static List<Scenario> build() {
        List<Scenario> all = new ArrayList<>();
        all.add(new Baseline());
        for (Kind kind : Kind.values()) {
            all.add(new KillRole(kind));
        }
        for (Kind kind : List.of(Kind.PURGER, Kind.DISPATCHER, Kind.ACCESS)) {
            all.add(new WorstMoment(kind));
        }
        for (Kind kind : Kind.values()) {
            all.add(new FreezeRole(kind));
        }
        all.add(new RollingRestart());
        all.add(new WrongOrder());
        all.add(new RedisRestart());
        all.add(new RedisPause());
        all.add(new FullRedis());
        all.add(new KafkaRestart(false));
        all.add(new KafkaRestart(true));
        all.add(new KafkaFullDisk());
        all.add(new Rebalance());
        all.add(new Poison());
        for (RedisNetwork.Fault fault : RedisNetwork.Fault.values()) {
            all.add(new RedisNetwork(Kind.ACCESS, fault));
        }
        all.add(new RedisNetwork(Kind.PURGER, RedisNetwork.Fault.STALL));
        all.add(new RedisNetwork(Kind.DISPATCHER, RedisNetwork.Fault.HALF_OPEN));
        all.add(new KilledSubscriptions());
        all.add(new StarvedSubscription(false));
        all.add(new StarvedSubscription(true));
        for (DeviceNetwork.Fault fault : DeviceNetwork.Fault.values()) {
            all.add(new DeviceNetwork(fault));
        }
        for (PacketLoss.Fault fault : PacketLoss.Fault.values()) {
            all.add(new PacketLoss(fault));
        }
        for (Kind kind : Kind.values()) {
            all.add(new ClockJump(kind));
        }
        all.add(new SlowReader());
        all.add(new NeverAcking());
        all.add(new HotDevice());
        all.add(new SendAtConnect());
        all.add(new ReconnectStorm());
        all.add(new OpenFiles());
        all.add(new Mixed(all.stream().filter(Scenario::isMixable).toList()));
        all.add(new BulkBroadcast());
        all.add(new GroupKill());
        all.add(new SentinelFailover());
        all.add(new ClusterFailover());
        all.add(new ClusterKill());
        return List.copyOf(all);
    }
}
