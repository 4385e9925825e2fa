package io.pushgate.protocol;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The fields of one flat JSON object, read whole, then asked for by name. Every method that asks
 * throws {@link InvalidInputException}, in words for the sender, where the field is missing or of
 * another kind; those whose name says {@code optional} allow it to be missing.
 */
final class JsonFields {
    /** What a field holds: a string decoded, everything else as it was written. */
    private record Value(boolean isString, String text) {}

    private final String subject;
    private final Map<String, Value> values = new HashMap<>();

    private JsonFields(String subject) {
        this.subject = subject;
    }

    /**
     * Reads the object.
     *
     * @param subject what it is, the first words of every error message
     * @param verbatim the field that is kept as it was written even if it is a string
     */
    static JsonFields read(String subject, String json, String verbatim)
            throws InvalidInputException {
        JsonFields fields = new JsonFields(subject);
        try (JsonReader reader = JsonReader.of(json)) {
            fields.fill(reader, verbatim);
        } catch (InvalidInputException e) {
            throw fields.invalid(e.getMessage());
        }
        return fields;
    }

    /** As above from UTF-8, where no field is kept verbatim. */
    static JsonFields read(String subject, byte[] json) throws InvalidInputException {
        JsonFields fields = new JsonFields(subject);
        try (JsonReader reader = JsonReader.of(json)) {
            fields.fill(reader, "");
        } catch (InvalidInputException e) {
            throw fields.invalid(e.getMessage());
        }
        return fields;
    }

    private void fill(JsonReader reader, String verbatim) throws InvalidInputException {
        if (!reader.isObject()) {
            throw new InvalidInputException("must be a JSON object, not " + reader.shown());
        }
        for (String field = reader.nextField(); field != null; field = reader.nextField()) {
            boolean isString = reader.isString();
            String text = isString && !field.equals(verbatim) ? reader.text() : reader.verbatim();
            values.put(field, new Value(isString, text));
        }
        reader.end();
    }

    InvalidInputException invalid(@Nullable String problem) {
        return new InvalidInputException(subject + " " + problem);
    }

    /** Refuses every field but these. */
    void only(String... allowed) throws InvalidInputException {
        List<String> names = Arrays.asList(allowed);
        for (String name : values.keySet()) {
            if (!names.contains(name)) {
                throw invalid(
                        "has the unknown field %s: allowed are %s"
                                .formatted(JsonReader.quoted(name), String.join(", ", names)));
            }
        }
    }

    String text(String name) throws InvalidInputException {
        String text = optionalText(name);
        if (text == null) {
            throw missing(name);
        }
        return text;
    }

    @Nullable String optionalText(String name) throws InvalidInputException {
        Value value = values.get(name);
        if (value != null && !value.isString) {
            throw wrong(name, "a string");
        }
        return value == null ? null : value.text;
    }

    String name(String name, Predicate<String> valid) throws InvalidInputException {
        String text = optionalName(name, valid);
        if (text == null) {
            throw missing(name);
        }
        return text;
    }

    @Nullable String optionalName(String name, Predicate<String> valid)
            throws InvalidInputException {
        String text = optionalText(name);
        if (text != null && !valid.test(text)) {
            throw wrong(name, "a valid name");
        }
        return text;
    }

    Position position(String name) throws InvalidInputException {
        String text = text(name);
        try {
            return Position.parse(text);
        } catch (InvalidInputException malformed) {
            throw wrong(name, "a position such as \"1763712345678-0\"");
        }
    }

    /** A whole number from 0 to {@code max}. */
    long natural(String name, long max) throws InvalidInputException {
        if (!values.containsKey(name)) {
            throw missing(name);
        }
        return optionalNatural(name, max);
    }

    /** A whole number from 0 to {@code max}; 0 where it is missing. */
    long optionalNatural(String name, long max) throws InvalidInputException {
        Value value = values.get(name);
        if (value == null) {
            return 0;
        }
        try {
            long number = value.isString ? -1 : Long.parseLong(value.text);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException notWhole) {
            // the same answer as for one out of bounds
        }
        throw wrong(name, "a whole number from 0 to " + max);
    }

    /** True or false; false where it is missing. */
    boolean optionalFlag(String name) throws InvalidInputException {
        Value value = values.get(name);
        if (value == null) {
            return false;
        }
        boolean isTrue = value.text.equals("true");
        if (value.isString || !(isTrue || value.text.equals("false"))) {
            throw wrong(name, "true or false");
        }
        return isTrue;
    }

    /** The field that was to be kept verbatim. */
    String verbatim(String name) throws InvalidInputException {
        Value value = values.get(name);
        if (value == null) {
            throw missing(name);
        }
        return value.text;
    }

    private InvalidInputException missing(String name) {
        return invalid("has no field " + name);
    }

    private InvalidInputException wrong(String name, String allowed) {
        return invalid("has a wrong " + name + ": it must be " + allowed);
    }
}
