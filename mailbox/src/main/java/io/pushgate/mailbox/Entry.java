package io.pushgate.mailbox;

import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;

/** A message in an inbox and its place there. */
public record Entry(Position position, Message message) {}
