package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * A device's session began or ended; the value of {@code push.presence}, keyed by {@code
 * app/device}.
 *
 * @param at epoch milliseconds, by the clock of the access node
 * @param user whom the device belongs to, null for nobody or where that isn't known any more
 * @param replaced the session that ended by this one's beginning, null for none
 */
public record PresenceEvent(
        Kind kind,
        DeviceKey device,
        Route route,
        long at,
        @Nullable String platform,
        @Nullable String user,
        @Nullable Route replaced) {
    /** Which of the two it is. */
    public enum Kind {
        CONNECTED,
        DISCONNECTED
    }

    /** As JSON in UTF-8, without what is null. */
    public byte[] encode() {
        JsonWriter out =
                new JsonWriter()
                        .text("event", kind.name().toLowerCase(Locale.ROOT))
                        .text("app", device.app())
                        .text("device", device.device())
                        .text("node", route.node())
                        .text("session", route.sessionId())
                        .number("at", at);
        if (platform != null) {
            out.text("platform", platform);
        }
        if (user != null) {
            out.text("user", user);
        }
        if (replaced != null) {
            out.text("replaced", replaced.sessionId());
        }
        return out.toBytes();
    }
}
