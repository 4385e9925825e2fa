package io.pushgate.mailbox;

import io.pushgate.protocol.InvalidInputException;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The groups of a device as the scripts store them: {@code checked|token|api|leaving}, see {@code
 * membership.lua}.
 *
 * @param gone whether the device is forgotten, so that it leaves the set of its app, too
 */
record StoredMembership(List<String> token, List<String> api, List<String> leaving, boolean gone) {
    private static final String APP = "*";

    static StoredMembership parse(String text) throws InvalidInputException {
        String[] parts = text.split("\\|", -1);
        if (parts.length != 4) {
            throw new InvalidInputException("not the groups of a device: " + text);
        }
        List<String> leaving = list(parts[3]);
        return new StoredMembership(
                list(parts[1]),
                list(parts[2]),
                leaving.stream().filter(group -> !group.equals(APP)).toList(),
                leaving.contains(APP));
    }

    /** All that the device belongs to. */
    List<String> groups() {
        return Stream.concat(token.stream(), api.stream()).distinct().toList();
    }

    /** Groups that are separated by commas. */
    static List<String> list(String groups) {
        return groups.isEmpty() ? List.of() : split(groups);
    }

    private static List<String> split(String groups) {
        return Arrays.stream(groups.split(",")).filter(group -> !group.isEmpty()).toList();
    }
}
