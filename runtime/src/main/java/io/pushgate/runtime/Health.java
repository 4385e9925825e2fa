package io.pushgate.runtime;

import java.util.Collection;
import java.util.List;

/**
 * How a part of the process is doing, check by check.
 *
 * @param checks in the order in which a person should read them
 */
public record Health(List<Check> checks) {
    public Health {
        checks = List.copyOf(checks);
    }

    public static Health of(Check... checks) {
        return new Health(List.of(checks));
    }

    /** All checks of all parts, in order. */
    public static Health merge(Collection<Health> parts) {
        return new Health(parts.stream().flatMap(part -> part.checks.stream()).toList());
    }

    /** Whether the part can do its work now: every check is ok. */
    public boolean isReady() {
        return checks.stream().allMatch(Check::ok);
    }

    /**
     * One answer to one question.
     *
     * @param name what was looked at, such as {@code redis}
     * @param ok whether it is well
     * @param detail one line for a person: what is wrong, or what was seen
     */
    public record Check(String name, boolean ok, String detail) {
        public static Check ok(String name, String detail) {
            return new Check(name, true, detail);
        }

        public static Check failing(String name, String detail) {
            return new Check(name, false, detail);
        }
    }
}
