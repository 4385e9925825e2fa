@NullMarked
package io.pushgate.loadtest.report;

import org.jspecify.annotations.NullMarked;
