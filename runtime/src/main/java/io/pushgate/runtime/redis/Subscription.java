package io.pushgate.runtime.redis;

import java.util.concurrent.CompletionStage;

/**
 * A channel somebody listens on; it is made again after every loss until it is closed. Any thread
 * may call.
 */
public interface Subscription extends AutoCloseable {
    String channel();

    /**
     * Completes when the server has confirmed it for the first time; never fails, cancelled by
     * {@link #close()}.
     */
    CompletionStage<Void> ready();

    /**
     * Whether the server has confirmed it and has not ended it since: as far as known, messages
     * arrive now.
     */
    boolean isActive();

    /**
     * Ends it; the handler isn't called any more once this returns, but for a call already under
     * way.
     */
    @Override
    void close();
}
