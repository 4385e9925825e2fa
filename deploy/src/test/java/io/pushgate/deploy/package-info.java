/** Holds what lies in the folder deploy to the gateway that it deploys. */
@NullMarked
package io.pushgate.deploy;

import org.jspecify.annotations.NullMarked;
