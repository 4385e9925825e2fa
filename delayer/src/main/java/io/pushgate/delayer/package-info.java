/**
 * Finds devices whose oldest unacked message is overdue and has it redelivered, gives up on those
 * that never ack, and sweeps what expired and what a dead producer left in an outbox.
 */
@NullMarked
package io.pushgate.delayer;

import org.jspecify.annotations.NullMarked;
