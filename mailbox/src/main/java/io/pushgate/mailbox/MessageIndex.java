package io.pushgate.mailbox;

import io.lettuce.core.ScriptOutputType;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.InvalidRequestException;
import io.pushgate.protocol.Names;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Receipt;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What became of messages, by message: which devices have a receipt, and what it says. Kept for 23
 * to 24 hours after the last change, for {@value #MAX_DEVICES} devices of a message; of further
 * ones only their number.
 *
 * <p>Key: <code>{m&lt;app&gt;/&lt;id&gt;}index</code>, a hash, see {@code index-receipts.lua}. Any
 * thread may call; stages complete on Lettuce's threads.
 */
public final class MessageIndex {
    /** Devices kept for one message. */
    public static final int MAX_DEVICES = 1000;

    private static final Duration KEEP = Duration.ofHours(24);
    private static final Duration SPARE = Duration.ofHours(1);

    /** Receipts that one script call works on where one server has all messages. */
    private static final int MAX_TOGETHER = 128;

    private static final Logger log = LoggerFactory.getLogger(MessageIndex.class);
    private static final LuaScript RECEIPTS =
            LuaScript.load(MessageIndex.class, "index-receipts.lua");
    private static final LuaScript REQUEST =
            LuaScript.load(MessageIndex.class, "index-request.lua");
    private static final String DEVICE = "d:";

    private final RedisConnection redis;
    private final RedisReads reads;

    public MessageIndex(RedisConnection redis) {
        this.redis = redis;
        this.reads = new RedisReads(redis);
    }

    /**
     * A request that Kafka has.
     *
     * @param at epoch milliseconds
     * @param request without its data, which is {@code null} in JSON
     */
    public record Requested(int partition, long offset, long at, PushRequest request) {}

    /**
     * What is kept of one message.
     *
     * @param requested null unless it came over HTTP
     * @param receipts by device, in the order of their names; the one that counts of each
     * @param more devices left out
     */
    public record Known(@Nullable Requested requested, Map<String, Receipt> receipts, long more) {
        public boolean isEmpty() {
            return requested == null && receipts.isEmpty();
        }
    }

    /** Keeps where a request went; the first one with this app and id stays. */
    public CompletionStage<Void> requested(Requested requested) {
        PushRequest request = requested.request();
        String value =
                requested.partition()
                        + "|"
                        + requested.offset()
                        + "|"
                        + requested.at()
                        + "|"
                        + Bytes.text(PushRequestCodec.encode(request));
        return REQUEST.<Long>run(
                        redis,
                        ScriptOutputType.INTEGER,
                        key(request.app(), request.id()),
                        Bytes.of(KEEP.toMillis()),
                        Bytes.of(value))
                .thenAccept(_ -> {});
    }

    private record MessageKey(String app, String id) {
        static MessageKey of(Receipt receipt) {
            return new MessageKey(receipt.app(), receipt.id());
        }
    }

    /** Keeps receipts, in one pipelined round trip; those without a device are left out. */
    public CompletionStage<Void> receipts(Collection<Receipt> receipts) {
        Map<MessageKey, Map<String, Receipt>> byMessage = new LinkedHashMap<>();
        for (Receipt receipt : receipts) {
            if (receipt.device() != null) {
                byMessage
                        .computeIfAbsent(MessageKey.of(receipt), _ -> new LinkedHashMap<>())
                        .merge(receipt.device(), receipt, MessageIndex::counting);
            }
        }
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        List<Map.Entry<MessageKey, Map<String, Receipt>>> together = new ArrayList<>();
        int size = 0;
        for (Map.Entry<MessageKey, Map<String, Receipt>> entry : byMessage.entrySet()) {
            together.add(entry);
            size += entry.getValue().size();
            if (redis.cluster() || size >= MAX_TOGETHER) {
                calls.add(call(together));
                together = new ArrayList<>();
                size = 0;
            }
        }
        if (!together.isEmpty()) {
            calls.add(call(together));
        }
        return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new));
    }

    /** The one of two receipts of a device that the script would leave. */
    private static Receipt counting(Receipt earlier, Receipt later) {
        boolean stays =
                earlier.status().isFinal()
                        || (!later.status().isFinal() && later.at() < earlier.at());
        return stays ? earlier : later;
    }

    private CompletableFuture<Void> call(
            List<Map.Entry<MessageKey, Map<String, Receipt>>> messages) {
        byte[][] keys = new byte[messages.size()][];
        List<byte[]> args = new ArrayList<>();
        args.add(Bytes.of(KEEP.toMillis()));
        args.add(Bytes.of(MAX_DEVICES));
        args.add(Bytes.of(SPARE.toMillis()));
        for (int i = 0; i < keys.length; i++) {
            MessageKey message = messages.get(i).getKey();
            keys[i] = key(message.app(), message.id())[0];
            byte[] number = Bytes.of(i + 1);
            messages.get(i)
                    .getValue()
                    .forEach(
                            (device, receipt) -> {
                                args.add(number);
                                args.add(Bytes.of(device));
                                args.add(Bytes.of(receipt.at()));
                                args.add(Bytes.of(value(receipt)));
                            });
        }
        return RECEIPTS.<Long>run(
                        redis, ScriptOutputType.INTEGER, keys, args.toArray(byte[][]::new))
                .<Void>thenApply(_ -> null)
                .toCompletableFuture();
    }

    /** What is kept of a message; empty where nothing is. */
    public CompletionStage<Known> find(String app, String id) {
        return reads.fields(key(app, id)[0]).thenApply(fields -> read(app, id, fields));
    }

    private static String value(Receipt receipt) {
        return (receipt.status().isFinal() ? "1|" : "0|")
                + receipt.status().wireName()
                + "|"
                + receipt.at()
                + "|"
                + receipt.attempt()
                + "|"
                + (receipt.reason() == null ? "" : receipt.reason());
    }

    private static Known read(String app, String id, Map<byte[], byte[]> fields) {
        Requested requested = null;
        Map<String, Receipt> receipts = new TreeMap<>();
        long more = 0;
        for (Map.Entry<byte[], byte[]> entry : fields.entrySet()) {
            String field = Bytes.text(entry.getKey());
            String value = Bytes.text(entry.getValue());
            try {
                if (field.startsWith(DEVICE)) {
                    String device = field.substring(DEVICE.length());
                    receipts.put(device, receipt(app, id, device, value));
                } else if (field.equals("request")) {
                    requested = request(value);
                } else if (field.equals("more")) {
                    more = Long.parseLong(value);
                }
            } catch (InvalidInputException | InvalidRequestException | RuntimeException e) {
                log.warn("left out of the index of {}/{}: {}", app, id, e.getMessage());
            }
        }
        return new Known(requested, receipts, more);
    }

    private static Receipt receipt(String app, String id, String device, String value)
            throws InvalidInputException {
        String[] parts = value.split("\\|", 5);
        if (parts.length != 5 || !Names.isAddress(device)) {
            throw new InvalidInputException("not a receipt: " + value);
        }
        for (Receipt.Status status : Receipt.Status.values()) {
            if (status.wireName().equals(parts[1])) {
                return new Receipt(
                        id,
                        app,
                        device,
                        status,
                        Long.parseLong(parts[2]),
                        Integer.parseInt(parts[3]),
                        parts[4].isEmpty() ? null : parts[4]);
            }
        }
        throw new InvalidInputException("unknown status " + parts[1]);
    }

    private static Requested request(String value)
            throws InvalidInputException, InvalidRequestException {
        String[] parts = value.split("\\|", 4);
        if (parts.length != 4) {
            throw new InvalidInputException("not a request: " + value);
        }
        return new Requested(
                Integer.parseInt(parts[0]),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                PushRequestCodec.decode(Bytes.of(parts[3])));
    }

    private static byte[][] key(String app, String id) {
        return new byte[][] {Bytes.of("{m" + app + "/" + id + "}index")};
    }
}
