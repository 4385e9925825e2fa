/**
 * Takes push requests from Kafka, checks them, resolves their targets to devices, offers them to
 * the mailboxes and hands deliveries on; commits an offset only after all of that is durable.
 */
@NullMarked
package io.pushgate.purger;

import org.jspecify.annotations.NullMarked;
