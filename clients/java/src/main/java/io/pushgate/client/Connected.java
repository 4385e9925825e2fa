package io.pushgate.client;

import java.time.Duration;

/**
 * A session is open.
 *
 * @param session the session's name at the gateway, for its logs
 * @param heartbeat how long the client stays silent before it pings
 * @param window messages the gateway sends before it waits for acks
 */
public record Connected(String session, Duration heartbeat, int window) {}
