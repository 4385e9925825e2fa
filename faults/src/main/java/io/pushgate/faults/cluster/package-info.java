/** The gateway as processes: roles, Redis, Kafka, and the proxies between them. */
@NullMarked
package io.pushgate.faults.cluster;

import org.jspecify.annotations.NullMarked;
