package io.pushgate.runtime.redis;

import io.lettuce.core.api.StatefulRedisConnection;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Whether a connection leads to a primary, and how to leave one that doesn't. */
final class PrimaryCheck {
    private PrimaryCheck() {}

    /** The server's history; fails with a {@link NotPrimaryException} if it is a replica. */
    static CompletionStage<String> of(StatefulRedisConnection<byte[], byte[]> connection) {
        return connection
                .async()
                .info("replication")
                .thenApply(
                        info -> {
                            Replication replication = Replication.parse(info);
                            if (!replication.primary()) {
                                throw new NotPrimaryException();
                            }
                            return replication.history();
                        });
    }

    static boolean isReplica(@Nullable Throwable failure) {
        return failure instanceof NotPrimaryException
                || (failure instanceof CompletionException
                        && failure.getCause() instanceof NotPrimaryException);
    }

    /** {@link #of} as a set, and {@link #leave} where it is a replica. */
    static CompletionStage<Set<String>> orLeave(
            StatefulRedisConnection<byte[], byte[]> connection) {
        return of(connection)
                .<Set<String>>thenApply(Set::of)
                .whenComplete(
                        (_, failure) -> {
                            if (isReplica(failure)) {
                                leave(connection);
                            }
                        });
    }

    /**
     * Has the server close the connection, after which Lettuce makes it again and looks up anew
     * where to. Nothing of ours is lost by it: a replica refuses writes anyway.
     */
    static void leave(StatefulRedisConnection<byte[], byte[]> connection) {
        var _ = connection.async().quit();
    }
}
