/**
 * The coordinator of a distributed run: has agents connect, publishes by a schedule, samples the
 * processes, accounts for every message. Start at {@link io.pushgate.loadtest.run.Coordinator}.
 */
@NullMarked
package io.pushgate.loadtest.run;

import org.jspecify.annotations.NullMarked;
