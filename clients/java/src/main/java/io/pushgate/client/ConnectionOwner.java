package io.pushgate.client;

import io.pushgate.protocol.ServerFrame;

/** Who a {@link Connection} reports to. All calls come on its event loop. */
interface ConnectionOwner {
    void welcomed(Connection connection, ServerFrame.Welcome welcome);

    void pushed(Connection connection, ServerFrame.Push push);

    void recalled(Connection connection, ServerFrame.Recall recall);

    void reset(Connection connection, ServerFrame.Reset reset);

    void goaway(Connection connection, ServerFrame.Goaway goaway);

    void failure(Connection connection, ServerFrame.Failure failure);

    /** The last call, exactly once, also where the connection never came up. */
    void ended(Connection connection, ConnectionEnd end);
}
