/** Who publishes, who receives, and the account between the two. */
@NullMarked
package io.pushgate.faults.load;

import org.jspecify.annotations.NullMarked;
