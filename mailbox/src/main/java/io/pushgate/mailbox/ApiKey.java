package io.pushgate.mailbox;

import org.jspecify.annotations.Nullable;

/**
 * Who may use the HTTP API.
 *
 * @param id the public part of the key
 * @param app the app it is for, null for an administrator's, which is for all of them
 * @param createdAt epoch milliseconds
 */
public record ApiKey(String id, @Nullable String app, long createdAt) {
    /** Whether it sees every app, and the nodes. */
    public boolean isAdmin() {
        return app == null;
    }

    /** Whether it may see and use this app. */
    public boolean mayUse(String name) {
        return app == null || app.equals(name);
    }
}
