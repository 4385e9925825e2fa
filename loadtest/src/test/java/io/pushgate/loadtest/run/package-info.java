@NullMarked
package io.pushgate.loadtest.run;

import org.jspecify.annotations.NullMarked;
