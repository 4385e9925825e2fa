/** The machine under a load test: its clock, when it stood still, what its processes used. */
@NullMarked
package io.pushgate.loadtest.machine;

import org.jspecify.annotations.NullMarked;
