/** A TCP proxy of our own, for the faults that a network has. */
@NullMarked
package io.pushgate.faults.proxy;

import org.jspecify.annotations.NullMarked;
