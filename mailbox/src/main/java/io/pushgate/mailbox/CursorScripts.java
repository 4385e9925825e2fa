package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * {@code cursors-open.lua} and {@code cursors-save.lua}: how far devices have got in broadcast
 * logs.
 */
final class CursorScripts {
    private static final LuaScript OPEN = ShardScripts.load("cursors.lua", "cursors-open.lua");
    private static final LuaScript SAVE = MembershipScripts.load("cursors-save.lua");
    private static final int CURSOR_BYTES = 192;

    private final ShardScripts scripts;
    private final ShardBatches<LogCursors, Boolean> batches;

    CursorScripts(ShardScripts scripts) {
        this.scripts = scripts;
        this.batches =
                new ShardBatches<>(
                        moved -> scripts.shards().of(moved.device()),
                        moved -> CURSOR_BYTES * (1 + moved.positions().size()),
                        scripts::together,
                        this::saveCall);
    }

    CompletionStage<Map<String, Position>> open(DeviceKey device, Map<String, Position> tails) {
        List<String> logs = List.copyOf(tails.keySet());
        List<byte[]> args = new ArrayList<>(1 + 2 * logs.size());
        args.add(Bytes.of(device.toString()));
        addPairs(args, logs, tails);
        return open(device, logs, args);
    }

    CompletionStage<Map<String, Position>> openOfGroups(DeviceKey device, List<String> logs) {
        List<byte[]> args = new ArrayList<>(1 + 2 * logs.size());
        args.add(Bytes.of(device.toString()));
        for (String log : logs) {
            args.add(Bytes.of(log));
            args.add(Bytes.EMPTY);
        }
        return open(device, logs, args);
    }

    private CompletionStage<Map<String, Position>> open(
            DeviceKey device, List<String> logs, List<byte[]> args) {
        return scripts.run(OPEN, scripts.shards().of(device), args)
                .thenApply(
                        reply -> {
                            Map<String, Position> found = new HashMap<>();
                            for (String log : logs) {
                                found.put(log, Decoder.position(reply.text()));
                            }
                            return found;
                        });
    }

    CompletionStage<Void> save(List<LogCursors> moved) {
        return batches.run(moved).thenApply(_ -> null);
    }

    private CompletionStage<List<Boolean>> saveCall(int[] shards, List<LogCursors> moved) {
        List<byte[]> args = new ArrayList<>();
        for (LogCursors one : moved) {
            args.add(Bytes.of(one.device().toString()));
            args.add(Bytes.of(one.positions().size()));
            addPairs(args, List.copyOf(one.positions().keySet()), one.positions());
        }
        return scripts.run(SAVE, shards, args)
                .thenApply(
                        reply -> {
                            List<Boolean> results = new ArrayList<>(moved.size());
                            for (int i = 0; i < moved.size(); i++) {
                                results.add(reply.flag());
                            }
                            return results;
                        });
    }

    private static void addPairs(
            List<byte[]> args, List<String> logs, Map<String, Position> positions) {
        for (String log : logs) {
            args.add(Bytes.of(log));
            args.add(Bytes.of(positions.getOrDefault(log, Position.NONE).toString()));
        }
    }
}
