package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What dictionaries an app has, read at one instant; each of them is there.
 *
 * @param now the clock of Redis, epoch milliseconds
 * @param versions the oldest first
 */
record DictionaryIndex(long now, List<Stored> versions) {
    /**
     * One of them, {@code version|from|bytes|samples} under its id.
     *
     * @param from when writing with it begins, epoch milliseconds
     */
    record Stored(long id, int version, long from, int bytes, int samples) {
        static Stored parse(String id, String text) throws InvalidInputException {
            String[] parts = text.split("\\|", 4);
            try {
                return new Stored(
                        Long.parseLong(id),
                        Integer.parseInt(parts[0]),
                        Long.parseLong(parts[1]),
                        Integer.parseInt(parts[2]),
                        Integer.parseInt(parts[3]));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new InvalidInputException("not a dictionary: " + id + " " + text, e);
            }
        }
    }

    /** Reads what {@code dictionary-index.lua} returns. */
    static DictionaryIndex read(Reply reply, Decoder decoder) {
        long now = Long.parseLong(reply.text());
        List<Stored> versions = new ArrayList<>();
        while (reply.hasNext()) {
            String id = reply.text();
            String text = reply.text();
            try {
                versions.add(Stored.parse(id, text));
            } catch (InvalidInputException e) {
                decoder.corrupt(MailboxError.CORRUPT_DICTIONARY, e);
            }
        }
        versions.sort(Comparator.comparingInt(Stored::version));
        return new DictionaryIndex(now, List.copyOf(versions));
    }

    /** The one to write with now; null if there is none yet. */
    @Nullable Stored current() {
        for (Stored stored : versions.reversed()) {
            if (stored.from() <= now) {
                return stored;
            }
        }
        return null;
    }

    boolean has(long id) {
        return versions.stream().anyMatch(stored -> stored.id() == id);
    }
}
