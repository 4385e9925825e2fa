package io.pushgate.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Fills records from a YAML tree and {@link Sources}, and goes on after a mistake to find the
 * others.
 */
final class Binder {
    private final String file;
    private final Sources sources;
    private final Consumer<String> mistakes;
    private int wrong;

    /**
     * @param file the name of the file, for messages
     * @param mistakes takes one line for each
     */
    Binder(String file, Sources sources, Consumer<String> mistakes) {
        this.file = file;
        this.sources = sources;
        this.mistakes = mistakes;
    }

    /**
     * @param path of the record itself, empty for the root
     * @param node the YAML below {@code path}, or a missing node
     * @return null if anything in it is wrong, which has been told
     */
    <R extends Record> @Nullable R bind(Class<R> type, String path, JsonNode node) {
        boolean empty = node.isMissingNode() || isBlank(node);
        if (!empty && !node.isObject()) {
            mistake(path.isEmpty() ? file : path, "is not a section; allowed: keys below it", file);
            return null;
        }
        int before = wrong;
        List<Setting> settings = Setting.of(type, path);
        refuseUnknown(settings, path, node);
        List<@Nullable Object> values = new ArrayList<>();
        for (Setting setting : settings) {
            values.add(value(setting, node.path(setting.key())));
        }
        return wrong > before ? null : construct(type, path, values.toArray());
    }

    private @Nullable Object value(Setting setting, JsonNode node) {
        try {
            return switch (setting.kind()) {
                case Setting.Kind.One(Scalar scalar) -> one(setting, scalar, node);
                case Setting.Kind.Many(Scalar scalar) -> many(setting, scalar, node);
                case Setting.Kind.Strings() -> strings(setting, node);
                case Setting.Kind.Nested(Class<? extends Record> type) ->
                        setting.nullable()
                                        && node.isMissingNode()
                                        && !sources.mentions(setting.path())
                                ? null
                                : bind(type, setting.path(), node);
                case Setting.Kind.NestedMany(Class<? extends Record> type) ->
                        nestedMany(setting, type, node);
            };
        } catch (BadValueException e) {
            Sources.Given given = sources.at(setting.path());
            mistake(
                    setting.path(),
                    String.valueOf(e.getMessage()),
                    given != null ? given.source() : node.isMissingNode() ? null : file);
            return null;
        }
    }

    private @Nullable Object one(Setting setting, Scalar scalar, JsonNode node)
            throws BadValueException {
        Sources.Given given = sources.at(setting.path());
        if (given != null) {
            return scalar.parse(given.value());
        }
        if (!node.isMissingNode()) {
            return scalar.parse(text(node, setting));
        }
        return setting.defaultValue() == null
                ? absent(setting)
                : scalar.parse(setting.defaultValue());
    }

    private @Nullable Object many(Setting setting, Scalar scalar, JsonNode node)
            throws BadValueException {
        Sources.Given given = sources.at(setting.path());
        if (given == null && node.isArray()) {
            List<Object> values = new ArrayList<>();
            for (JsonNode element : node) {
                values.add(scalar.parse(text(element, setting)));
            }
            return List.copyOf(values);
        }
        String text = given != null ? given.value() : setting.defaultValue();
        if (given == null && !node.isMissingNode()) {
            text = text(node, setting);
        }
        if (text == null) {
            return absent(setting);
        }
        List<Object> values = new ArrayList<>();
        for (String element : parts(text)) {
            values.add(scalar.parse(element));
        }
        return List.copyOf(values);
    }

    private Map<String, String> strings(Setting setting, JsonNode node) throws BadValueException {
        Map<String, String> result = new LinkedHashMap<>();
        if (setting.defaultValue() != null && node.isMissingNode()) {
            putPairs(setting.defaultValue(), result);
        }
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                result.put(entry.getKey(), text(entry.getValue(), setting));
            }
        } else if (!node.isMissingNode()) {
            putPairs(text(node, setting), result);
        }
        Sources.Given given = sources.at(setting.path());
        if (given != null) {
            putPairs(given.value(), result);
        }
        sources.entriesAt(setting.path()).forEach((key, value) -> result.put(key, value.value()));
        return Map.copyOf(result);
    }

    private @Nullable Object nestedMany(
            Setting setting, Class<? extends Record> type, JsonNode node) throws BadValueException {
        if (sources.at(setting.path()) != null) {
            throw new BadValueException(
                    "can only be set in the file; allowed: " + setting.allowed());
        }
        if (node.isMissingNode()) {
            return setting.nullable() ? null : List.of();
        }
        if (!node.isArray()) {
            throw new BadValueException("is not a list; allowed: " + setting.allowed());
        }
        List<Record> values = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            Record value = bind(type, setting.path() + "[" + i + "]", node.path(i));
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private static @Nullable Object absent(Setting setting) throws BadValueException {
        if (setting.nullable()) {
            return null;
        }
        String or = setting.path().contains("[") ? "" : " (or " + setting.env() + ")";
        throw new BadValueException("is missing; allowed: " + setting.allowed() + or);
    }

    private static String text(JsonNode node, Setting setting) throws BadValueException {
        if (node.isNull()) {
            throw new BadValueException("is empty; leave it out for the default");
        }
        if (!node.isValueNode()) {
            throw new BadValueException("is not one value; allowed: " + setting.allowed());
        }
        return node.asText();
    }

    /** A section with nothing in it: all its lines may be commented out. */
    private static boolean isBlank(JsonNode node) {
        return node.isNull() || (node.isTextual() && node.asText().isBlank());
    }

    private static void putPairs(String text, Map<String, String> pairs) throws BadValueException {
        for (String pair : parts(text)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new BadValueException("\"" + pair + "\" is no pair; allowed: a=b,c=d");
            }
            pairs.put(pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
        }
    }

    private static List<String> parts(String text) {
        return text.isBlank()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    private void refuseUnknown(List<Setting> settings, String path, JsonNode node) {
        Set<String> known = new LinkedHashSet<>();
        settings.forEach(setting -> known.add(setting.path()));
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String name = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            if (!known.contains(name)) {
                wrong++;
                mistakes.accept(Sources.unknown(name, "key", known) + " [" + file + "]");
            }
        }
    }

    private <R extends Record> @Nullable R construct(
            Class<R> type, String path, @Nullable Object[] values) {
        Class<?>[] parameters =
                Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                mistake(path, String.valueOf(refused.getMessage()), null);
                return null;
            }
            throw new IllegalStateException("Can't build " + type.getName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Can't build " + type.getName(), e);
        }
    }

    private void mistake(String path, String what, @Nullable String source) {
        wrong++;
        String where = path.isEmpty() ? "configuration" : path;
        mistakes.accept(where + ": " + what + (source == null ? "" : " [" + source + "]"));
    }

    /** What stands for a file that isn't there, or is empty. */
    static JsonNode nothing() {
        return MissingNode.getInstance();
    }
}
