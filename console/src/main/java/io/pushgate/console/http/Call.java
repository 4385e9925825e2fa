package io.pushgate.console.http;

import io.pushgate.mailbox.ApiKey;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Names;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One request, with everything checked that does not depend on what the route is about.
 *
 * @param parameters of the path
 * @param query by name
 * @param key whose request it is; null on a public route
 * @param header gives a header's value, or null
 * @param body empty where the route takes none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Call(
        Map<String, String> parameters,
        Map<String, List<String>> query,
        @Nullable ApiKey key,
        java.util.function.Function<String, @Nullable String> header,
        byte[] body) {
    private static final String ADDRESS = "1 to 128 of A-Z a-z 0-9 . _ : @ + -";

    /** Whose request it is, on a route that needs a key. */
    public ApiKey caller() {
        if (key == null) {
            throw new IllegalStateException("asked on a public route");
        }
        return key;
    }

    /** The app of the path; the caller may use it, that has been seen to. */
    public String app() throws Problem {
        return named("app", Names::isApp, "1 to 64 of A-Z a-z 0-9 . _ -");
    }

    public DeviceKey device() throws Problem {
        return new DeviceKey(app(), named("device", Names::isAddress, ADDRESS));
    }

    public String group() throws Problem {
        return named("group", Names::isAddress, ADDRESS);
    }

    public String messageId() throws Problem {
        return named("id", Names::isMessageId, "1 to 128 of A-Z a-z 0-9 . _ : -");
    }

    /** Devices of the path's app that the query names. */
    public List<String> devices(int most) throws Problem {
        List<String> devices = query.getOrDefault("device", List.of());
        if (devices.size() > most || !devices.stream().allMatch(Names::isAddress)) {
            throw new Problem(
                    ProblemType.INVALID_REQUEST,
                    "device may stand %d times in the query, each %s".formatted(most, ADDRESS));
        }
        return devices;
    }

    /** A whole number of the query. */
    public int number(String name, int least, int most, int otherwise) throws Problem {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(values.getFirst());
            if (values.size() == 1 && value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Falls through to the refusal.
        }
        throw new Problem(
                ProblemType.INVALID_REQUEST,
                "%s must be a whole number from %d to %d, once".formatted(name, least, most));
    }

    private String named(String name, Predicate<String> valid, String allowed) throws Problem {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalStateException("no " + name + " in this route");
        }
        if (!valid.test(value)) {
            throw new Problem(
                    ProblemType.INVALID_REQUEST, name + " in the path must be " + allowed);
        }
        return value;
    }
}
