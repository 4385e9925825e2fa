@NullMarked
package io.pushgate.faults.proxy;

import org.jspecify.annotations.NullMarked;
