/**
 * What travels between devices, business services and the roles, as pure data: no I/O, no threads,
 * no clocks. Every decoder here accepts hostile input and answers it with its one documented
 * exception.
 */
@NullMarked
package io.pushgate.protocol;

import org.jspecify.annotations.NullMarked;
