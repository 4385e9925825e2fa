@NullMarked
package io.pushgate.faults;

import org.jspecify.annotations.NullMarked;
