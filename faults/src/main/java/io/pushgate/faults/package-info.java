/**
 * Starts a cluster of real processes, breaks it by a seeded schedule, and accounts for every
 * message: published = delivered once + final receipts.
 */
@NullMarked
package io.pushgate.faults;

import org.jspecify.annotations.NullMarked;
