package io.pushgate.runtime.config;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** The settings of a configuration record, for generated documentation. */
public final class ConfigDoc {
    private ConfigDoc() {}

    /**
     * One setting.
     *
     * @param path the key in YAML, such as {@code redis.uri}
     * @param env the environment variable
     * @param type what it holds, in words
     * @param defaultValue as written in the environment, or null if there is none
     * @param doc one sentence, or empty
     */
    public record Entry(
            String path, String env, String type, @Nullable String defaultValue, String doc) {}

    /** Every setting of {@code type}, in the order of its components. */
    public static List<Entry> describe(Class<? extends Record> type) {
        return Setting.leaves(type, "").stream()
                .map(
                        setting ->
                                new Entry(
                                        setting.path(),
                                        setting.env(),
                                        setting.allowed(),
                                        setting.defaultValue(),
                                        setting.doc()))
                .toList();
    }
}
