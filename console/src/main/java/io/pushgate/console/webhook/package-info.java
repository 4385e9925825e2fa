/** Receipts as signed HTTP calls to business services. */
@NullMarked
package io.pushgate.console.webhook;

import org.jspecify.annotations.NullMarked;
