package io.pushgate.client;

/**
 * What the app hears from a {@link PushgateClient}. Calls of one client never overlap and come in
 * order; they run on the builder's executor, or on the client's event loop where none was given:
 * there they must not block.
 */
public interface PushgateListener {
    /**
     * Takes a message: each one once, in the order in which the gateway accepted them; those of the
     * device itself, and those of each broadcast log, have an order of their own.
     *
     * <p>A message counts as processed when this returns (or, with {@link AckMode#MANUAL}, when it
     * is acked). A process that dies between the two gets it again.
     *
     * @throws Exception or any error: the message is not acked and nothing after it is handed on;
     *     the client reports it to {@link #onError}, reconnects with backoff and hands the same
     *     message on again
     */
    void onMessage(PushMessage message) throws Exception;

    /**
     * A message that was handed on before was taken back: the business recalled it, or of several
     * devices another one was the first to ack it. One that was not handed on yet never is, and
     * nothing is said of it. Not promised: the word may be lost with a connection.
     */
    default void onRecall(String messageId) {}

    /**
     * Broadcasts of a log were missed for good: the device was away for longer than the gateway
     * keeps them. What comes next is the oldest that it still has. An app that builds on every one
     * has to get its state anew from its own server.
     *
     * @param log {@code all}
     */
    default void onReset(String log) {}

    default void onConnected(Connected connected) {}

    /** Also called for each attempt to connect that failed. */
    default void onDisconnected(Disconnected disconnected) {}

    /** The last call: the client stays down and is to be closed. */
    default void onTerminated(Terminated terminated) {}

    /**
     * Something went wrong that a log should show: an exception of the app's callback or of the
     * store, an error frame. The client goes on by itself.
     */
    default void onError(Throwable error) {}
}
