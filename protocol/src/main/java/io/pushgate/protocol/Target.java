package io.pushgate.protocol;

import java.util.List;
import java.util.Set;

/** Whom a push request addresses; {@link #platforms} narrows it, and empty means every platform. */
public sealed interface Target {
    Set<String> platforms();

    record Device(String device, Set<String> platforms) implements Target {}

    /**
     * Without doubles, in the order of the request; at most {@link PushRequestCodec#MAX_DEVICES}.
     */
    record Devices(List<String> devices, Set<String> platforms) implements Target {}

    record User(String user, Set<String> platforms) implements Target {}

    record Group(String group, Set<String> platforms) implements Target {}

    record All(Set<String> platforms) implements Target {}
}
