/** Who may connect: the keys that sign device tokens, and what a token says. */
@NullMarked
package io.pushgate.access.auth;

import org.jspecify.annotations.NullMarked;
