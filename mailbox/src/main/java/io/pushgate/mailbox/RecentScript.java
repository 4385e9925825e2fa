package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code recent.lua}: what a device was offered lately. */
final class RecentScript {
    /** Ids of a day beyond which it is not read: reading more would hold Redis for over 1 ms. */
    static final int MAX_OF_A_DAY = 1000;

    private static final LuaScript SCRIPT = ShardScripts.load("recent.lua");

    private final ShardScripts scripts;

    RecentScript(ShardScripts scripts) {
        this.scripts = scripts;
    }

    CompletionStage<RecentMessages> run(DeviceKey device, int limit) {
        List<byte[]> args = List.of(Bytes.of(device.toString()), Bytes.of(MAX_OF_A_DAY));
        return scripts.run(SCRIPT, scripts.shards().of(device), args)
                .thenApply(reply -> read(reply, limit));
    }

    private static RecentMessages read(Reply reply, int limit) {
        boolean partly = reply.flag();
        List<RecentMessages.Offered> messages = new ArrayList<>();
        while (reply.hasNext()) {
            String id = reply.text();
            Position position = Decoder.position(reply.text());
            messages.add(new RecentMessages.Offered(id, position));
        }
        messages.sort(Comparator.comparing(RecentMessages.Offered::position).reversed());
        return new RecentMessages(
                messages.size() > limit ? List.copyOf(messages.subList(0, limit)) : messages,
                partly);
    }
}
