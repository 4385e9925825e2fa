/**
 * Processes made of roles: one role against an existing Redis and Kafka, or all of them with a
 * Redis and a Kafka brought along.
 */
@NullMarked
package io.pushgate.standalone;

import org.jspecify.annotations.NullMarked;
