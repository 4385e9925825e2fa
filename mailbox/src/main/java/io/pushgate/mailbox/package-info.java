/**
 * All Redis state of a device: its inbox, its session, its due index and the outbox of receipts,
 * with the nodes' leases and channels. No other module names a Redis key; start at {@link
 * io.pushgate.mailbox.Mailbox}.
 */
@NullMarked
package io.pushgate.mailbox;

import org.jspecify.annotations.NullMarked;
