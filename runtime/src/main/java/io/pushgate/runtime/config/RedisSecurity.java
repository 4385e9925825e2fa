package io.pushgate.runtime.config;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;

/** How we show Redis who we are, and how it shows us; the scheme {@code rediss://} means TLS. */
public record RedisSecurity(
        @Doc("User of the access control list; without one the default user.")
                @Nullable String user,
        @Doc("Password of the user; best given as the variable, or by the file.")
                @Nullable Secret password,
        @Doc("File with the password, read at each connect, so that it can change.")
                @Nullable Path passwordFile,
        @Doc("PEM file with the authorities of the servers' certificates; by default the JDK's.")
                @Nullable Path ca) {
    public static final RedisSecurity NONE = new RedisSecurity(null, null, null, null);

    /**
     * @throws IllegalArgumentException where the parts contradict each other
     */
    public RedisSecurity {
        if (password != null && passwordFile != null) {
            throw new IllegalArgumentException("give password or password-file, not both");
        }
        if (user != null && password == null && passwordFile == null) {
            throw new IllegalArgumentException("a user needs a password or a password-file");
        }
    }

    public boolean hasPassword() {
        return password != null || passwordFile != null;
    }

    /**
     * As it is now; blocks on the disk where it is in a file.
     *
     * @throws IllegalArgumentException if the file can't be used
     * @throws IllegalStateException if there is none
     */
    public String currentPassword() {
        if (passwordFile != null) {
            return Secret.read(passwordFile, "redis.security.password-file").value();
        }
        if (password == null) {
            throw new IllegalStateException("no password is configured");
        }
        return password.value();
    }

    /**
     * Looks at the files.
     *
     * @throws IllegalArgumentException if one can't be used, in one line
     */
    public void check() {
        if (hasPassword()) {
            var _ = currentPassword();
        }
        if (ca != null && !Files.isReadable(ca)) {
            throw new IllegalArgumentException("redis.security.ca: cannot read " + ca);
        }
    }
}
