/** What goes wrong: a class for each scenario. */
@NullMarked
package io.pushgate.faults.scenario;

import org.jspecify.annotations.NullMarked;
