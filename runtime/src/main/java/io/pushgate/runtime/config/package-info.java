/**
 * Configuration as typed records: one YAML file under {@code PUSHGATE_*} environment variables
 * under command-line flags, validated whole before anything starts.
 */
@NullMarked
package io.pushgate.runtime.config;

import org.jspecify.annotations.NullMarked;
