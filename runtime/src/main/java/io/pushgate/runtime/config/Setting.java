package io.pushgate.runtime.config;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One component of a configuration record.
 *
 * @param key its name in YAML, kebab-case
 * @param path the keys from the root down to it, joined by dots
 * @param nullable whether it may be left out without having a default
 * @param defaultValue as written in the environment, or null
 */
record Setting(
        String key,
        String path,
        Kind kind,
        boolean nullable,
        @Nullable String defaultValue,
        String doc) {
    static final String ENV_PREFIX = "PUSHGATE_";

    /** The shape of a setting's value. */
    sealed interface Kind {
        record One(Scalar scalar) implements Kind {}

        record Many(Scalar scalar) implements Kind {}

        record Strings() implements Kind {}

        record Nested(Class<? extends Record> type) implements Kind {}

        record NestedMany(Class<? extends Record> type) implements Kind {}
    }

    /**
     * The settings of {@code type} in order, not those of nested records.
     *
     * @param prefix the path of {@code type} itself, empty for the root
     * @throws IllegalArgumentException if a component has a type that no setting can have
     */
    static List<Setting> of(Class<? extends Record> type, String prefix) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> of(component, prefix))
                .toList();
    }

    /** Every setting of {@code type} that is not itself a nested record, at any depth, in order. */
    static List<Setting> leaves(Class<? extends Record> type, String prefix) {
        return of(type, prefix).stream()
                .flatMap(
                        setting ->
                                setting.kind instanceof Kind.Nested(Class<? extends Record> nested)
                                        ? leaves(nested, setting.path).stream()
                                        : Stream.of(setting))
                .toList();
    }

    /** The environment variable that sets it. */
    String env() {
        return ENV_PREFIX + path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** What it holds, in words. */
    String allowed() {
        return switch (kind) {
            case Kind.One(Scalar scalar) -> scalar.allowed();
            case Kind.Many(Scalar scalar) -> "list, each " + scalar.allowed();
            case Kind.Strings() -> "keys and values: a=b,c=d";
            case Kind.Nested(Class<? extends Record> _) -> "keys below it";
            case Kind.NestedMany(Class<? extends Record> nested) ->
                    "list, each with "
                            + String.join(", ", of(nested, "").stream().map(Setting::key).toList());
        };
    }

    private static Setting of(RecordComponent component, String prefix) {
        String key = kebab(component.getName());
        String path = prefix.isEmpty() ? key : prefix + "." + key;
        Default defaults = component.getAnnotation(Default.class);
        Doc doc = component.getAnnotation(Doc.class);
        return new Setting(
                key,
                path,
                kind(component, path),
                component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                defaults == null ? null : defaults.value(),
                doc == null ? "" : doc.value());
    }

    private static Kind kind(RecordComponent component, String path) {
        Class<?> type = component.getType();
        if (Scalar.supports(type)) {
            return new Kind.One(scalar(component, type));
        }
        if (type.isRecord()) {
            return new Kind.Nested(type.asSubclass(Record.class));
        }
        if (type == Map.class && arguments(component).equals(List.of(String.class, String.class))) {
            return new Kind.Strings();
        }
        if (type == List.class && arguments(component).getFirst() instanceof Class<?> element) {
            if (Scalar.supports(element)) {
                return new Kind.Many(scalar(component, element));
            }
            if (element.isRecord()) {
                return new Kind.NestedMany(element.asSubclass(Record.class));
            }
        }
        throw new IllegalArgumentException(
                path + ": no setting can be a " + component.getGenericType().getTypeName());
    }

    private static Scalar scalar(RecordComponent component, Class<?> type) {
        return new Scalar(
                type,
                component.getAnnotation(Range.class),
                component.getAnnotation(DurationRange.class));
    }

    private static List<Type> arguments(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType parameterized
                ? List.of(parameterized.getActualTypeArguments())
                : List.of(Object.class);
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
