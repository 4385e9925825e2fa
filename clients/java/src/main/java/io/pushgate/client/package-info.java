/**
 * The client of devices: one WebSocket to the gateway, kept up by itself, that hands each message
 * to the app once and in order. Start at {@link io.pushgate.client.PushgateClient}.
 */
@NullMarked
package io.pushgate.client;

import org.jspecify.annotations.NullMarked;
