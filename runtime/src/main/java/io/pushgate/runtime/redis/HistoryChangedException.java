package io.pushgate.runtime.redis;

import io.lettuce.core.RedisException;

/**
 * A primary has come up whose data does not continue what was written before: a replica that took
 * over, or a server that started again. The newest writes may be gone. Said once per such primary,
 * before anything is written to it; the next call goes through.
 */
public final class HistoryChangedException extends RedisException {
    private static final long serialVersionUID = 1L;

    HistoryChangedException(String message) {
        super(message);
    }
}
