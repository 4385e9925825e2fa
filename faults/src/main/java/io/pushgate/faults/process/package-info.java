/** Child processes that can be killed, frozen and started again, and that die with this one. */
@NullMarked
package io.pushgate.faults.process;

import org.jspecify.annotations.NullMarked;
