package io.pushgate.client;

/**
 * The gateway said that coming back is pointless until somebody acts: kicked, replaced by a newer
 * session, token expired, refused.
 *
 * @param code as in {@link Disconnected#code}
 * @param reason for people
 */
public record Terminated(int code, String reason) {}
