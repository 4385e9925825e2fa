@NullMarked
package io.pushgate.faults.process;

import org.jspecify.annotations.NullMarked;
