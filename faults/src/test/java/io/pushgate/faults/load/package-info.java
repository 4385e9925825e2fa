@NullMarked
package io.pushgate.faults.load;

import org.jspecify.annotations.NullMarked;
