package io.pushgate.standalone;

import io.pushgate.access.AccessServer;
import io.pushgate.console.Console;
import io.pushgate.delayer.Delayer;
import io.pushgate.dispatcher.Dispatcher;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.purger.Purger;
import io.pushgate.runtime.Role;

/**
 * The roles, upstream first: the order in which they drain, and the reverse of the order in which
 * they start.
 */
public enum RoleKind {
    CONSOLE("console", "Serves the HTTP API and the web page"),
    PURGER("purger", "Takes push requests from Kafka and puts them into the devices' mailboxes"),
    DISPATCHER("dispatcher", "Hands deliveries to the access node that holds the device"),
    DELAYER("delayer", "Has redelivered what was not acked, and gives up after the last attempt"),
    ACCESS_SERVER("access-server", "Holds the devices' connections");

    private final String command;
    private final String summary;

    RoleKind(String command, String summary) {
        this.command = command;
        this.summary = summary;
    }

    /** The name on the command line. */
    public String command() {
        return command;
    }

    public String summary() {
        return summary;
    }

    Role create(PushgateConfig config, RoleContext context) {
        return switch (this) {
            case CONSOLE -> new Console(config.console(), context);
            case PURGER -> new Purger(config.purger(), context);
            case DISPATCHER -> new Dispatcher(config.dispatcher(), context);
            case DELAYER -> new Delayer(config.delayer(), context);
            case ACCESS_SERVER -> new AccessServer(config.access(), context);
        };
    }
}
