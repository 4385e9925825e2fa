package io.pushgate.loadtest.socket;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/**
 * What a connection is for. Each attempt ends with exactly one of {@link #refused}, {@link #failed}
 * and {@link #ended}. Called on the event loop.
 */
public interface Session {
    /** The handshake is done. */
    void opened(Link link);

    /**
     * A text message.
     *
     * @param text valid during the call only
     */
    void text(Link link, ByteBuf text);

    /** All that one pass of the event loop has read was handed on. */
    void passed(Link link);

    /**
     * The answer to the handshake was not an upgrade.
     *
     * @param retryAfter the header's value
     */
    void refused(int status, @Nullable String retryAfter);

    /** No connection, or no end of the handshake. */
    void failed(String why);

    /**
     * An open connection is over.
     *
     * @param code of the close frame; {@link Link#NO_CODE} where none came
     */
    void ended(Link link, int code);
}
