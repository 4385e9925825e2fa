package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code fetch.lua}: a page of an inbox. */
final class FetchScript {
    /** Messages in a page. */
    static final int MAX_LIMIT = 256;

    /** Stored payload after which a page ends: reading more would hold Redis for over 1 ms. */
    static final int MAX_BYTES = 256 * 1024;

    private static final LuaScript SCRIPT = ShardScripts.load("fetch.lua");

    /**
     * @param end the position of the last entry read, good or not; where the page began if there is
     *     none
     * @param corrupt the positions of entries that could not be read
     */
    record Result(Page page, Position end, List<Position> corrupt) {}

    private final ShardScripts scripts;
    private final Decoder decoder;

    FetchScript(ShardScripts scripts, Decoder decoder) {
        this.scripts = scripts;
        this.decoder = decoder;
    }

    /**
     * @param limit from 1 to {@link #MAX_LIMIT}, brought into this range
     */
    CompletionStage<Result> run(DeviceKey device, Position after, int limit) {
        List<byte[]> args =
                List.of(
                        Bytes.of(device.toString()),
                        Bytes.of(after.toString()),
                        Bytes.of(Math.clamp(limit, 1, MAX_LIMIT)),
                        Bytes.of(MAX_BYTES));
        return scripts.run(SCRIPT, scripts.shards().of(device), args)
                .thenApply(reply -> read(after, reply));
    }

    private Result read(Position after, Reply reply) {
        boolean more = reply.flag();
        Position end = after;
        List<Entry> entries = new ArrayList<>();
        List<Position> corrupt = new ArrayList<>();
        while (reply.hasNext()) {
            end = Decoder.position(reply.text());
            try {
                entries.add(
                        new Entry(
                                end,
                                StoredMessage.decode(
                                        reply.text(),
                                        reply.text(),
                                        reply.text(),
                                        reply.text(),
                                        reply.bytes())));
            } catch (InvalidInputException e) {
                decoder.corrupt(MailboxError.CORRUPT_ENTRY, e);
                corrupt.add(end);
            }
        }
        return new Result(new Page(entries, more), end, corrupt);
    }
}
