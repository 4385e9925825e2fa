@NullMarked
package io.pushgate.loadtest.socket;

import org.jspecify.annotations.NullMarked;
