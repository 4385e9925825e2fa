package io.pushgate.mailbox;

import io.pushgate.benchmarks.Means;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeliveryCodec;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.NodeMessageCodec;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Whether payloads should travel from purger to access node as they are, or in the compressed form
 * that the mailbox made anyway. One operation is one message through all that our processes do with
 * it: written and read as a Kafka value, written and read as a part of a node's batch, and
 * decompressed at the end if it was compressed. What Kafka and Redis spend on the bytes comes on
 * top of it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseParallelGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CarryBenchmark {
    static final int BATCH = 64;

    @Param({"plain", "compressed"})
    public String carried = "plain";

    @Param({"512", "3900"})
    public int size = 512;

    private final PayloadCodec codec = new PayloadCodec(0);
    private final Dictionary dictionary = OrderSet.dictionary();
    private final List<NodeMessage.Timed> batch = new ArrayList<>();

    /** Makes the deliveries. */
    @Setup
    public void open() {
        batch.clear();
        byte[][] orders = OrderSet.measured(size);
        for (int i = 0; i < BATCH; i++) {
            byte[] payload =
                    isCompressed() ? codec.encode(orders[i], dictionary).bytes() : orders[i];
            batch.add(
                    new NodeMessage.Timed(
                            new Delivery.Push(
                                    new DeviceKey("shop", "pos-" + i),
                                    new Route("access-1", 1_763_712_345_678_000L + i),
                                    new Position(1_763_712_345_678L, i),
                                    Position.NONE,
                                    new Message(
                                            "order-" + i,
                                            1_763_712_345_670L,
                                            1_764_317_145_670L,
                                            true,
                                            false,
                                            isCompressed(),
                                            payload)),
                            new StageTimes(1_763_712_345_600L, 1_763_712_345_670L, 0)));
        }
    }

    private boolean isCompressed() {
        return carried.equals("compressed");
    }

    /** From the purger's hands into those of the session: the payloads. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<byte[]> carry() throws InvalidInputException {
        List<NodeMessage.Timed> dispatched = new ArrayList<>(BATCH);
        for (NodeMessage.Timed timed : batch) {
            byte[] value = DeliveryCodec.encode(timed.delivery());
            dispatched.add(new NodeMessage.Timed(DeliveryCodec.decode(value), timed.times()));
        }
        NodeMessage.Batch received =
                (NodeMessage.Batch) NodeMessageCodec.decode(publish(dispatched));
        List<byte[]> payloads = new ArrayList<>(BATCH);
        for (NodeMessage.Timed timed : received.deliveries()) {
            Message message = ((Delivery.Push) timed.delivery()).message();
            payloads.add(
                    codec.decode(
                            new PayloadCodec.Stored(message.payload(), message.compressed()),
                            dictionary));
        }
        return payloads;
    }

    private static byte[] publish(List<NodeMessage.Timed> dispatched) {
        return NodeMessageCodec.encode(new NodeMessage.Batch("reply", Priority.NORMAL, dispatched));
    }

    /** Has the mean size stand beside the times. */
    @Setup(Level.Iteration)
    public void sizes() {
        Means.add("bytes.carried", "B", publish(batch).length, BATCH);
    }
}
