package io.pushgate.mailbox;

/**
 * One of a user's devices.
 *
 * @param platform the one it last connected with
 */
public record UserDevice(String device, String platform) {}
