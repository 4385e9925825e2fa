/**
 * Redis for the roles: one connection for commands, Lua scripts, and channels that stay subscribed.
 * Knows no key.
 */
@NullMarked
package io.pushgate.runtime.redis;

import org.jspecify.annotations.NullMarked;
