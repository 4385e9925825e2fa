package io.pushgate.console.webhook;

import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;
import io.pushgate.runtime.config.DurationRange;

import java.net.URI;
import java.time.Duration;

/** Where an app's receipts are sent. */
public record WebhookConfig(
        @Doc("The app.") String app,
        @Doc("Where its receipts are posted to, http or https.") String url,
        @Doc("What calls are signed with, 16 characters at least.") String secret,
        @Doc("How long a call may take.") @Default("10s") @DurationRange(min = "100ms", max = "2m")
                Duration timeout,
        @Doc("How long receipts that the endpoint does not take are tried again before they go.")
                @Default("24h")
                @DurationRange(min = "1s", max = "7d")
                Duration giveUpAfter) {
    private static final int MIN_SECRET = 16;

    public WebhookConfig {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("url: is no URL: " + e.getMessage(), e);
        }
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw new IllegalArgumentException("url: must begin with http:// or https://");
        }
        if (secret.length() < MIN_SECRET) {
            throw new IllegalArgumentException(
                    "secret: at least " + MIN_SECRET + " characters are needed");
        }
    }

    /** Without the secret, and without the URL, which may hold one. */
    @Override
    public String toString() {
        return "webhook of " + app;
    }
}
