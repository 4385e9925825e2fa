/** Who is at the other end of a connection, where balancers and proxies stand in between. */
@NullMarked
package io.pushgate.runtime.net;

import org.jspecify.annotations.NullMarked;
