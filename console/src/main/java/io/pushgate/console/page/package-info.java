/** The web page, as files of the jar. */
@NullMarked
package io.pushgate.console.page;

import org.jspecify.annotations.NullMarked;
