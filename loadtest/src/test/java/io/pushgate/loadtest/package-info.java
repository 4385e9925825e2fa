@NullMarked
package io.pushgate.loadtest;

import org.jspecify.annotations.NullMarked;
