package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.runtime.redis.LuaScript;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code join.lua}, {@code leave.lua} and {@code settle.lua}: the record of a device's groups. */
final class MembershipScripts {
    private static final LuaScript JOIN = load("join.lua");
    private static final LuaScript LEAVE = load("leave.lua");
    private static final LuaScript SETTLE = load("settle.lua");

    /**
     * @param done whether the device belongs to the group, or no longer does, as was asked for
     * @param record what the sets have to follow, empty for nothing
     */
    record Change(boolean done, String record) {}

    private final ShardScripts scripts;

    /** One of the scripts that change groups, or see to it that they were changed. */
    static LuaScript load(String resource) {
        return ShardScripts.load("cursors.lua", "membership.lua", resource);
    }

    MembershipScripts(ShardScripts scripts) {
        this.scripts = scripts;
    }

    CompletionStage<Change> join(DeviceKey device, String group, int maxGroups) {
        return run(
                        JOIN,
                        device,
                        Bytes.of(group),
                        Bytes.of(maxGroups),
                        Bytes.of(scripts.clocksDiffer()))
                .thenApply(reply -> new Change(reply.flag(), reply.text()));
    }

    CompletionStage<Change> leave(DeviceKey device, String group) {
        return run(LEAVE, device, Bytes.of(group))
                .thenApply(reply -> new Change(reply.flag(), reply.text()));
    }

    /** Completes with the record that the sets have to follow instead, empty where they do. */
    CompletionStage<String> settle(DeviceKey device, String record) {
        return run(SETTLE, device, Bytes.of(record)).thenApply(Reply::text);
    }

    private CompletionStage<Reply> run(LuaScript script, DeviceKey device, byte[]... more) {
        byte[][] args = new byte[1 + more.length][];
        args[0] = Bytes.of(device.toString());
        System.arraycopy(more, 0, args, 1, more.length);
        return scripts.run(script, scripts.shards().of(device), List.of(args));
    }
}
