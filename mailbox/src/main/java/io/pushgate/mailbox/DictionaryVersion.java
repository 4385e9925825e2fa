package io.pushgate.mailbox;

/**
 * A dictionary of an app, as people see it.
 *
 * @param id as frames name it
 * @param bytes its size
 * @param samples how many payloads it was trained from
 * @param from when writing with it begins, or began; epoch milliseconds
 * @param until when it goes, epoch milliseconds; 0 while it has no successor
 */
public record DictionaryVersion(
        int version, long id, int bytes, int samples, long from, long until, State state) {
    /** Where it is in its life. */
    public enum State {
        /** Stored, and not written with yet. */
        WAITING,
        /** What is written with now. */
        CURRENT,
        /** Kept to read with, and gone when its time is over. */
        KEPT
    }
}
