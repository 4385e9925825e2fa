package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;

import java.util.HashMap;
import java.util.Map;

/**
 * A receipt as the scripts store it: {@code status|at|attempt|app/device|id|reason}. The status
 * {@code contender} stands for a delivered one if its ack was the first; its reason is the position
 * of the message, and {@code r} after it where successes are to be told.
 */
final class StoredReceipt {
    private static final String CONTENDER = "contender|";
    private static final int LENGTH = CONTENDER.length() - 1;
    private static final Map<String, Receipt.Status> STATUSES = new HashMap<>();

    static {
        for (Receipt.Status status : Receipt.Status.values()) {
            STATUSES.put(status.wireName(), status);
        }
    }

    private StoredReceipt() {}

    static OutboxReceipt parse(int shard, String outboxId, String text)
            throws InvalidInputException {
        if (!text.startsWith(CONTENDER)) {
            return new OutboxReceipt(shard, outboxId, parse(text));
        }
        Receipt told = parse(Receipt.Status.DELIVERED.wireName() + text.substring(LENGTH));
        String[] words = String.valueOf(told.reason()).split(" ", 2);
        return new OutboxReceipt(
                shard,
                outboxId,
                new Receipt(
                        told.id(), told.app(), told.device(), told.status(), told.at(), 0, null),
                new OutboxReceipt.Contender(Position.parse(words[0]), words.length > 1));
    }

    static Receipt parse(String text) throws InvalidInputException {
        String[] parts = text.split("\\|", 6);
        if (parts.length != 6) {
            throw new InvalidInputException("not a receipt: " + text);
        }
        Receipt.Status status = STATUSES.get(parts[0]);
        if (status == null) {
            throw new InvalidInputException("receipt with the unknown status " + parts[0]);
        }
        DeviceKey device = DeviceKey.parse(parts[3]);
        try {
            return new Receipt(
                    parts[4],
                    device.app(),
                    device.device(),
                    status,
                    Long.parseLong(parts[1]),
                    Integer.parseInt(parts[2]),
                    parts[5].isEmpty() ? null : parts[5]);
        } catch (NumberFormatException e) {
            throw new InvalidInputException("not a receipt: " + text, e);
        }
    }
}
