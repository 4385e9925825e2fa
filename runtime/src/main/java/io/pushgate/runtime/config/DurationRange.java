package io.pushgate.runtime.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The bounds of a duration, or of each one of a list, both inclusive and written as in the file
 * ({@code 500ms}); without it a duration is zero or more.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface DurationRange {
    String min() default "0s";

    String max() default "36500d";
}
