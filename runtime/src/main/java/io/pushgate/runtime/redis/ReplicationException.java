package io.pushgate.runtime.redis;

import io.lettuce.core.RedisException;

/**
 * Redis took writes but did not confirm that they would outlive the primary; they may be gone and
 * have to be made again. The message says why.
 */
public final class ReplicationException extends RedisException {
    private static final long serialVersionUID = 1L;

    ReplicationException(String message) {
        super(message);
    }
}
