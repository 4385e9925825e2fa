package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

import java.util.function.Predicate;

/** Keeps the first fault of a request, so that reading can go on to the id and the app. */
final class RequestFaults {
    static final String ADDRESS = "1 to 128 of A-Z a-z 0-9 . _ : @ + -";
    static final String LABEL = "1 to 64 of A-Z a-z 0-9 . _ -";

    private @Nullable String first;

    @Nullable String first() {
        return first;
    }

    void add(String sentence) {
        if (first == null) {
            first = sentence;
        }
    }

    void must(String field, String allowed, String found) {
        add("%s must be %s, not %s".formatted(field, allowed, found));
    }

    /** Reads the string here; null, and a fault, where it is none or not valid. */
    @Nullable String name(JsonReader json, String field, Predicate<String> valid, String allowed)
            throws InvalidInputException {
        if (json.isString() && valid.test(json.text())) {
            return json.text();
        }
        must(field, allowed, json.shown());
        json.skip();
        return null;
    }
}
