package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Route;
import io.pushgate.runtime.redis.LuaScript;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code unregister.lua}: the end of a session. */
final class UnregisterScript {
    private static final LuaScript SCRIPT = ShardScripts.load("unregister.lua");

    private final ShardScripts scripts;

    UnregisterScript(ShardScripts scripts) {
        this.scripts = scripts;
    }

    CompletionStage<Boolean> run(DeviceKey device, Route route) {
        List<byte[]> args =
                List.of(
                        Bytes.of(device.toString()),
                        Bytes.of(route.node()),
                        Bytes.of(route.session()));
        return scripts.run(SCRIPT, scripts.shards().of(device), args).thenApply(Reply::flag);
    }
}
