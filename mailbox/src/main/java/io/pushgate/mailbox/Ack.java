package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

/**
 * A device has processed everything up to a position.
 *
 * @param route the session that says so
 */
public record Ack(DeviceKey device, Route route, Position upTo) {}
