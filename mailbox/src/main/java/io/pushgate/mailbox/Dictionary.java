package io.pushgate.mailbox;

import com.github.luben.zstd.Zstd;

import io.pushgate.protocol.InvalidInputException;

/**
 * What payloads of one app have in common, in zstd's format. Its id is made of its content, so one
 * id is one content wherever and whenever it is met. Any thread.
 */
final class Dictionary {
    /** What zstd itself takes for its default. */
    static final int LEVEL = 3;

    private final byte[] bytes;
    private final long id;

    /**
     * @param bytes not to be changed
     * @throws InvalidInputException if they are no dictionary of zstd
     */
    Dictionary(byte[] bytes) throws InvalidInputException {
        this.bytes = bytes;
        this.id = Zstd.getDictIdFromDict(bytes);
        if (id == 0) {
            throw new InvalidInputException("no dictionary of zstd");
        }
    }

    long id() {
        return id;
    }

    byte[] bytes() {
        return bytes;
    }
}
