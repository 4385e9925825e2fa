/**
 * Holds the devices' connections: transport, handshake, sessions, in-order delivery, acks, drain.
 *
 * <p>A connection belongs to one event loop, and everything about it happens there: sessions, their
 * timers and their senders need no lock. What crosses loops is {@link SessionRegistry} and the
 * tasks that {@link DeliveryRouter} hands to {@link LoopContext}.
 */
@NullMarked
package io.pushgate.access;

import org.jspecify.annotations.NullMarked;
