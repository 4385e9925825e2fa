/** TLS for the ports we open: certificates from files that may change while we run. */
@NullMarked
package io.pushgate.runtime.tls;

import org.jspecify.annotations.NullMarked;
