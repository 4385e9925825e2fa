/**
 * What tests share: one Redis, one Kafka, clocks that are moved by hand, seeds and the leak check.
 */
@NullMarked
package io.pushgate.testkit;

import org.jspecify.annotations.NullMarked;
