package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Position;

import java.util.Map;

/**
 * How far a device has got in broadcast logs of its app.
 *
 * @param positions by the log's name
 */
public record LogCursors(DeviceKey device, Map<String, Position> positions) {}
