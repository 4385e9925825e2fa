package io.pushgate.mailbox;

import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.redis.LuaScript;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code log-recall.lua}: a message leaves a broadcast log. */
final class LogRecallScript {
    private static final LuaScript SCRIPT = ShardScripts.load("log-recall.lua");

    /** What became of the message. */
    sealed interface Result {
        /**
         * It is withdrawn, now or before.
         *
         * @param recalls how many there have been in this log
         * @param at epoch milliseconds
         */
        record Withdrawn(Position position, long recalls, long at) implements Result {}

        /** It is not in the log; if it was not appended yet, it won't be within a day. */
        record Absent() implements Result {}
    }

    private final ShardScripts scripts;
    private final byte[] retention;

    LogRecallScript(ShardScripts scripts, MailboxConfig.LogConfig config) {
        this.scripts = scripts;
        this.retention = Bytes.of(config.retention().toMillis());
    }

    /**
     * @param search whether to look through the log where the message's id is forgotten, which it
     *     is after a day or two
     */
    CompletionStage<Result> run(LogKey log, String id, boolean search) {
        List<byte[]> args =
                List.of(
                        Bytes.of(log.toString()),
                        Bytes.of(id),
                        Bytes.of(search ? 1 : 0),
                        retention);
        return scripts.run(SCRIPT, scripts.shards().of(log), args).thenApply(LogRecallScript::read);
    }

    private static Result read(Reply reply) {
        String kind = reply.text();
        return switch (kind) {
            case "W" ->
                    new Result.Withdrawn(
                            Decoder.position(reply.text()), reply.number(), reply.number());
            case "N", "G" -> new Result.Absent();
            default -> throw new IllegalStateException("log-recall.lua returned " + kind);
        };
    }
}
