@NullMarked
package io.pushgate.loadtest.machine;

import org.jspecify.annotations.NullMarked;
