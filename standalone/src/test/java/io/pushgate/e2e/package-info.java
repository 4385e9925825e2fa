/** The whole way of a message over real Redis, Kafka and sockets. */
@NullMarked
package io.pushgate.e2e;

import org.jspecify.annotations.NullMarked;
