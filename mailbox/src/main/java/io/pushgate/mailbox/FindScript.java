package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.runtime.redis.LuaScript;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code find.lua}: one message of a device. */
final class FindScript {
    /** Entries of an inbox that are looked at for a message whose id is no longer remembered. */
    private static final int MAX_LOOK = 1000;

    private static final LuaScript SCRIPT = ShardScripts.load("find.lua");

    private final ShardScripts scripts;
    private final Decoder decoder;

    FindScript(ShardScripts scripts, Decoder decoder) {
        this.scripts = scripts;
        this.decoder = decoder;
    }

    CompletionStage<Found> run(DeviceKey device, String id) {
        List<byte[]> args = List.of(Bytes.of(device.toString()), Bytes.of(id), Bytes.of(MAX_LOOK));
        return scripts.run(SCRIPT, scripts.shards().of(device), args).thenApply(this::read);
    }

    private Found read(Reply reply) {
        if (!reply.hasNext()) {
            return new Found.Unknown();
        }
        Position position = Decoder.position(reply.text());
        String origin = reply.text();
        String ended = reply.text();
        Route route = decoder.route(reply.text());
        if (!reply.hasNext()) {
            return new Found.Gone(position, origin, ended);
        }
        return new Found.Waiting(
                position,
                origin,
                millis(reply.text()),
                millis(reply.text()),
                reply.text().indexOf('t') >= 0,
                route,
                (int) millis(reply.text()));
    }

    /** What can't be read is 0: this only tells people. */
    private static long millis(@Nullable String text) {
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
