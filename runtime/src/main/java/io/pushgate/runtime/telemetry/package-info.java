/** Meters, and the HTTP port that serves them and the health of the process. */
@NullMarked
package io.pushgate.runtime.telemetry;

import org.jspecify.annotations.NullMarked;
