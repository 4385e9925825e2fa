package io.pushgate.runtime.redis;

import io.lettuce.core.RedisException;

/** A server that was the primary is a replica now, so it refuses writes. */
final class NotPrimaryException extends RedisException {
    private static final long serialVersionUID = 1L;

    NotPrimaryException() {
        super("the server is a replica and takes no writes");
    }
}
