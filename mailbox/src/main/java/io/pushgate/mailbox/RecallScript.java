package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** {@code recall.lua}: a message leaves the inboxes of devices. */
final class RecallScript {
    private static final LuaScript SCRIPT = ShardScripts.load("recall.lua");
    private static final int DEVICE_BYTES = 512;

    /** What makes a call of four devices, as looking through an inbox takes up to a millisecond. */
    private static final int SEARCHED_BYTES = ShardBatches.MAX_BYTES / 4;

    /** Why a message is taken back. */
    enum Why {
        /** The business said so. */
        RECALL,
        /** Another device acked it first. */
        SIBLING
    }

    private final ShardScripts scripts;
    private final Decoder decoder;

    RecallScript(ShardScripts scripts, Decoder decoder) {
        this.scripts = scripts;
        this.decoder = decoder;
    }

    /**
     * Completes with the results in the order of the devices.
     *
     * @param search whether to look through each inbox where the message's id is forgotten, which
     *     it is after a day or two
     */
    CompletionStage<List<RecallResult>> run(
            List<DeviceKey> devices, String id, Why why, boolean search) {
        byte[] reason = Bytes.of(why.name().toLowerCase(Locale.ROOT));
        byte[] searching = Bytes.of(search ? 1 : 0);
        return new ShardBatches<DeviceKey, RecallResult>(
                        scripts.shards()::of,
                        _ -> search ? SEARCHED_BYTES : DEVICE_BYTES,
                        scripts::together,
                        (shards, some) -> call(shards, some, id, reason, searching))
                .run(devices);
    }

    private CompletionStage<List<RecallResult>> call(
            int[] shards, List<DeviceKey> devices, String id, byte[] why, byte[] search) {
        List<byte[]> args = new ArrayList<>(2 + 2 * devices.size());
        args.add(why);
        args.add(search);
        for (DeviceKey device : devices) {
            args.add(Bytes.of(device.toString()));
            args.add(Bytes.of(id));
        }
        return scripts.run(SCRIPT, shards, args).thenApply(reply -> read(shards, devices, reply));
    }

    private List<RecallResult> read(int[] shards, List<DeviceKey> devices, Reply reply) {
        List<RecallResult> results = new ArrayList<>(devices.size());
        for (int i = 0; i < shards.length; i++) {
            results.add(readOne(shards[i], devices.get(i), reply.array()));
        }
        return results;
    }

    private RecallResult readOne(int shard, DeviceKey device, Reply reply) {
        String kind = reply.text();
        return switch (kind) {
            case "W" ->
                    new RecallResult.Withdrawn(
                            device,
                            Decoder.position(reply.text()),
                            decoder.route(reply.text()),
                            decoder.receipts(shard, reply));
            case "N" -> new RecallResult.NotOffered(device);
            case "A" -> new RecallResult.Acked(device);
            case "E" -> new RecallResult.Ended(device, reply.text());
            default -> throw new IllegalStateException("recall.lua returned " + kind);
        };
    }
}
