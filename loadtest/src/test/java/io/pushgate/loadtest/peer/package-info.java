@NullMarked
package io.pushgate.loadtest.peer;

import org.jspecify.annotations.NullMarked;
