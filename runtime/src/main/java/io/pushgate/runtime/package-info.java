/**
 * What every role is built from: lifecycle, configuration, telemetry and the clients of Kafka and
 * Redis. Nothing here knows what a push is.
 */
@NullMarked
package io.pushgate.runtime;

import org.jspecify.annotations.NullMarked;
