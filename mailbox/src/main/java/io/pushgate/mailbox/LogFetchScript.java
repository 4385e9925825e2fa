package io.pushgate.mailbox;

import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.redis.LuaScript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** {@code log-fetch.lua}: a page of a broadcast log. */
final class LogFetchScript {
    private static final LuaScript SCRIPT = ShardScripts.load("log-fetch.lua");

    private final ShardScripts scripts;
    private final Decoder decoder;
    private final Payloads payloads;

    LogFetchScript(ShardScripts scripts, Decoder decoder, Payloads payloads) {
        this.scripts = scripts;
        this.decoder = decoder;
        this.payloads = payloads;
    }

    CompletionStage<LogPage> after(LogKey log, Position after, int limit) {
        return run(log, Bytes.of(after.toString()), limit)
                .thenCompose(read -> decode(log, after, read.upTo(FetchScript.MAX_DECODED_BYTES)));
    }

    CompletionStage<LogPage> newest(LogKey log, int limit) {
        return run(log, Bytes.EMPTY, limit)
                .thenCompose(
                        read ->
                                decode(
                                        log,
                                        Position.NONE,
                                        read.newest(FetchScript.MAX_DECODED_BYTES)));
    }

    private CompletionStage<Read> run(LogKey log, byte[] from, int limit) {
        List<byte[]> args =
                List.of(
                        Bytes.of(log.toString()),
                        from,
                        Bytes.of(Math.clamp(limit, 1, FetchScript.MAX_LIMIT)),
                        Bytes.of(FetchScript.MAX_BYTES));
        return scripts.run(SCRIPT, scripts.shards().of(log), args).thenApply(Read::from);
    }

    private CompletionStage<LogPage> decode(LogKey log, Position start, Read read) {
        List<StoredMessage> messages = read.entries().stream().map(Stored::message).toList();
        return payloads.dictionaries(log.app(), messages)
                .thenApply(dictionaries -> decode(log, start, read, dictionaries));
    }

    private LogPage decode(
            LogKey log, Position start, Read read, Map<Long, Dictionary> dictionaries) {
        Position end = start;
        List<Broadcast> entries = new ArrayList<>(read.entries().size());
        for (Stored stored : read.entries()) {
            end = stored.position();
            try {
                entries.add(stored.decode(log, payloads.codec(), dictionaries));
            } catch (InvalidInputException e) {
                decoder.corrupt(MailboxError.CORRUPT_ENTRY, e);
            }
        }
        return new LogPage(entries, end, read.more(), read.tail(), read.recalls());
    }

    /** What the script returned. */
    private record Read(boolean more, Position tail, long recalls, List<Stored> entries) {
        static Read from(Reply reply) {
            boolean more = reply.flag();
            Position tail = Decoder.position(reply.text());
            long recalls = Long.parseLong(reply.text());
            List<Stored> entries = new ArrayList<>();
            while (reply.hasNext()) {
                entries.add(
                        new Stored(
                                Decoder.position(reply.text()),
                                reply.text(),
                                reply.text(),
                                StoredMessage.read(reply)));
            }
            return new Read(more, tail, recalls, entries);
        }

        /** Without those at the end that would take more bytes than that once decoded. */
        Read upTo(int maxBytes) {
            long bytes = 0;
            for (int i = 0; i < entries.size(); i++) {
                bytes += entries.get(i).message().size();
                if (bytes > maxBytes) {
                    return new Read(true, tail, recalls, entries.subList(0, i));
                }
            }
            return this;
        }

        /** The same for those at the beginning. */
        Read newest(int maxBytes) {
            long bytes = 0;
            for (int i = entries.size() - 1; i >= 0; i--) {
                bytes += entries.get(i).message().size();
                if (bytes > maxBytes) {
                    return new Read(more, tail, recalls, entries.subList(i + 1, entries.size()));
                }
            }
            return this;
        }
    }

    /** An entry, its fields in the order in which the script returns them. */
    private record Stored(
            Position position, String previous, String platforms, StoredMessage message) {
        Broadcast decode(LogKey log, PayloadCodec codec, Map<Long, Dictionary> dictionaries)
                throws InvalidInputException {
            Position before = Position.parse(previous);
            if (message.isRecalled()) {
                return Broadcast.recalled(log, position, before, message.id());
            }
            return new Broadcast(
                    log,
                    position,
                    before,
                    platforms.isEmpty() ? Set.of() : Set.copyOf(List.of(platforms.split(","))),
                    message.decode(codec, dictionaries));
        }
    }
}
