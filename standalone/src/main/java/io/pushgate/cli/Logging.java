package io.pushgate.cli;

import java.util.Set;

/**
 * Chooses where logs go before the first logger exists: roles log to stderr, for whatever collects
 * it; standalone to a file in its data folder, with warnings on the screen; the short commands show
 * errors only.
 */
final class Logging {
    /** Names the log file of a standalone, once its folder is known. */
    static final String FILE_PROPERTY = "pushgate.log.file";

    /** The log file within the data folder. */
    static final String FILE_NAME = "pushgate.log";

    private static final String CONFIGURATION = "logback.configurationFile";
    private static final Set<String> ROLES =
            Set.of("access-server", "purger", "dispatcher", "delayer", "console");

    private Logging() {}

    static void configure(String[] args) {
        if (System.getProperty(CONFIGURATION) != null) {
            return;
        }
        String command = args.length == 0 ? "" : args[0];
        String kind;
        if (command.equals("standalone")) {
            kind = "standalone";
        } else {
            kind = ROLES.contains(command) ? "role" : "tool";
        }
        System.setProperty(CONFIGURATION, "logback-" + kind + ".xml");
    }
}
