package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads the {@code to} of a push request. */
final class TargetReader {
    private static final String ONE_OF = "exactly one of device, devices, user, group, all";

    private final JsonReader json;
    private final RequestFaults faults;

    private int targets;
    private Set<String> platforms = Set.of();
    private @Nullable Function<Set<String>, Target> target;

    TargetReader(JsonReader json, RequestFaults faults) {
        this.json = json;
        this.faults = faults;
    }

    /** Goes past the value; null, and a fault, where it is no valid target. */
    @Nullable Target read() throws InvalidInputException {
        if (!json.isObject()) {
            faults.must("to", "an object with " + ONE_OF, json.shown());
            json.skip();
            return null;
        }
        for (String field = json.nextField(); field != null; field = json.nextField()) {
            readField(field);
        }
        if (targets != 1) {
            faults.must("to", "an object with " + ONE_OF, "one with " + targets + " of them");
        }
        return target == null ? null : target.apply(platforms);
    }

    private void readField(String field) throws InvalidInputException {
        switch (field) {
            case "device" -> {
                String name = name("to.device");
                found(name == null ? null : only -> new Target.Device(name, only));
            }
            case "devices" -> {
                Set<String> names =
                        names(
                                "to.devices",
                                PushRequestCodec.MAX_DEVICES,
                                Names::isAddress,
                                RequestFaults.ADDRESS);
                found(only -> new Target.Devices(List.copyOf(names), only));
            }
            case "user" -> {
                String name = name("to.user");
                found(name == null ? null : only -> new Target.User(name, only));
            }
            case "group" -> {
                String name = name("to.group");
                found(name == null ? null : only -> new Target.Group(name, only));
            }
            case "all" -> {
                if (!json.isTrue()) {
                    faults.must("to.all", "true", json.shown());
                }
                json.skip();
                found(Target.All::new);
            }
            case "platform" ->
                    platforms =
                            names(
                                    "to.platform",
                                    PushRequestCodec.MAX_PLATFORMS,
                                    Names::isLabel,
                                    RequestFaults.LABEL);
            default -> {
                faults.add(
                        "unknown field %s in to: allowed are %s, and platform"
                                .formatted(JsonReader.quoted(field), ONE_OF));
                json.skip();
            }
        }
    }

    private void found(@Nullable Function<Set<String>, Target> newTarget) {
        targets++;
        target = newTarget;
    }

    private @Nullable String name(String field) throws InvalidInputException {
        return faults.name(json, field, Names::isAddress, RequestFaults.ADDRESS);
    }

    /** Reads a list of names, without doubles, in its order. */
    private Set<String> names(String field, int max, Predicate<String> valid, String allowed)
            throws InvalidInputException {
        String list = "a list of 1 to %d names".formatted(max);
        if (!json.isArray()) {
            faults.must(field, list, json.shown());
            json.skip();
            return Set.of();
        }
        Set<String> names = new LinkedHashSet<>();
        while (json.nextElement()) {
            String name = faults.name(json, "each name in " + field, valid, allowed);
            if (name != null && names.size() <= max) {
                names.add(name);
            }
        }
        if (names.isEmpty()) {
            faults.must(field, list, "an empty one");
        } else if (names.size() > max) {
            faults.must(field, list, "a longer one");
        }
        return Collections.unmodifiableSet(names);
    }
}
