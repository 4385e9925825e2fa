package io.pushgate.mailbox;

/** What came of storing a dictionary. */
public sealed interface DictionaryPut {
    /**
     * It is there.
     *
     * @param from when writing with it begins, epoch milliseconds
     */
    record Stored(int version, long from) implements DictionaryPut {}

    /** The same content was there already. */
    record Known(int version) implements DictionaryPut {}

    /**
     * It was not stored, as none of those that are there may go yet.
     *
     * @param until when the first of them goes, epoch milliseconds
     */
    record Full(long until) implements DictionaryPut {}
}
