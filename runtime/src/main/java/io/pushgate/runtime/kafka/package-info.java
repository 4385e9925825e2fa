/**
 * Kafka clients that lose nothing: a publisher that answers every record, and a consumer loop that
 * commits only what is complete.
 */
@NullMarked
package io.pushgate.runtime.kafka;

import org.jspecify.annotations.NullMarked;
