@NullMarked
package io.pushgate.loadtest.agent;

import org.jspecify.annotations.NullMarked;
