/** What the benchmarks share; each lies in the package of what it measures. */
@NullMarked
package io.pushgate.benchmarks;

import org.jspecify.annotations.NullMarked;
