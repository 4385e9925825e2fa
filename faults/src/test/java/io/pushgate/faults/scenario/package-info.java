@NullMarked
package io.pushgate.faults.scenario;

import org.jspecify.annotations.NullMarked;
