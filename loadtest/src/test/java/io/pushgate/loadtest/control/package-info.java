@NullMarked
package io.pushgate.loadtest.control;

import org.jspecify.annotations.NullMarked;
