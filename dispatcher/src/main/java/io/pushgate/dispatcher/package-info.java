/**
 * Finds the access node that holds a device and publishes its deliveries there, one batch per node
 * and poll.
 */
@NullMarked
package io.pushgate.dispatcher;

import org.jspecify.annotations.NullMarked;
