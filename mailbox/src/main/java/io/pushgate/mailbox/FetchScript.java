package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** {@code fetch.lua}: a page of an inbox. */
final class FetchScript {
    /** Messages in a page. */
    static final int MAX_LIMIT = 256;

    /** Stored payload after which a page ends: reading more would hold Redis for over 1 ms. */
    static final int MAX_BYTES = 256 * 1024;

    /** Payload after which a page ends: what is compressed well doesn't fill the heap. */
    static final int MAX_DECODED_BYTES = 1 << 20;

    private static final LuaScript SCRIPT = ShardScripts.load("fetch.lua");

    /**
     * @param end the position of the last entry read, good or not; where the page began if there is
     *     none
     * @param corrupt the positions of entries that could not be read
     */
    record Result(Page page, Position end, List<Position> corrupt) {}

    private final ShardScripts scripts;
    private final Decoder decoder;
    private final Payloads payloads;

    FetchScript(ShardScripts scripts, Decoder decoder, Payloads payloads) {
        this.scripts = scripts;
        this.decoder = decoder;
        this.payloads = payloads;
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
                .thenCompose(reply -> read(device.app(), after, reply));
    }

    private CompletionStage<Result> read(String app, Position after, Reply reply) {
        boolean more = reply.flag();
        List<Position> positions = new ArrayList<>();
        List<StoredMessage> messages = new ArrayList<>();
        while (reply.hasNext()) {
            positions.add(Decoder.position(reply.text()));
            messages.add(StoredMessage.read(reply));
        }
        return payloads.dictionaries(app, messages)
                .thenApply(dictionaries -> decode(after, more, positions, messages, dictionaries));
    }

    private Result decode(
            Position after,
            boolean more,
            List<Position> positions,
            List<StoredMessage> messages,
            Map<Long, Dictionary> dictionaries) {
        List<Entry> entries = new ArrayList<>(messages.size());
        List<Position> corrupt = new ArrayList<>();
        Position end = after;
        long bytes = 0;
        for (int i = 0; i < messages.size(); i++) {
            StoredMessage message = messages.get(i);
            Position position = positions.get(i);
            bytes += message.size();
            if (bytes > MAX_DECODED_BYTES) {
                return new Result(new Page(entries, true), end, corrupt);
            }
            end = position;
            try {
                entries.add(new Entry(position, message.decode(payloads.codec(), dictionaries)));
            } catch (InvalidInputException e) {
                decoder.corrupt(MailboxError.CORRUPT_ENTRY, e);
                corrupt.add(position);
            }
        }
        return new Result(new Page(entries, more), end, corrupt);
    }
}
