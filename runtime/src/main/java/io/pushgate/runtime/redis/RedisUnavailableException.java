package io.pushgate.runtime.redis;

import io.lettuce.core.RedisException;

/**
 * Redis could not be asked, as there was no connection to it yet; the message says where and why.
 */
public final class RedisUnavailableException extends RedisException {
    private static final long serialVersionUID = 1L;

    RedisUnavailableException(String message) {
        super(message);
    }
}
