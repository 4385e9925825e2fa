package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

/**
 * A broadcast log of an app: one message in it is for every device that follows it.
 *
 * @param log {@link #ALL}, which every device of the app follows, or {@code g.<group>}, which the
 *     devices of that group follow
 */
public record LogKey(String app, String log) {
    public static final String ALL = "all";
    private static final String GROUP = "g.";

    public LogKey {
        if (!Names.isApp(app)) {
            throw new IllegalArgumentException("not an app name: " + app);
        }
        if (!Names.isLog(log)) {
            throw new IllegalArgumentException("not the name of a log: " + log);
        }
    }

    /** The log that every device of the app follows. */
    public static LogKey all(String app) {
        return new LogKey(app, ALL);
    }

    /** The log that the devices of a group follow. */
    public static LogKey group(String app, String group) {
        return new LogKey(app, GROUP + group);
    }

    /** Whether a log of this name is that of a group. */
    public static boolean isOfGroup(String log) {
        return log.startsWith(GROUP);
    }

    /** The group whose devices follow it, null where it is no group's. */
    public @Nullable String group() {
        return isOfGroup(log) ? log.substring(GROUP.length()) : null;
    }

    /** {@code app/log}; neither part can hold a slash. */
    @Override
    public String toString() {
        return app + "/" + log;
    }
}
