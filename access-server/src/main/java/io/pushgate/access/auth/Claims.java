package io.pushgate.access.auth;

import io.pushgate.protocol.DeviceKey;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What a verified token says.
 *
 * @param user the {@code sub} claim
 * @param expiresAt epoch milliseconds
 */
public record Claims(
        DeviceKey device,
        String platform,
        @Nullable String user,
        List<String> groups,
        long expiresAt) {}
