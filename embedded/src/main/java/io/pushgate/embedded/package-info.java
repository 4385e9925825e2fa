/**
 * A real Redis and a real Kafka to bring along: for {@code ./pushgate standalone} and for tests.
 */
@NullMarked
package io.pushgate.embedded;

import org.jspecify.annotations.NullMarked;
