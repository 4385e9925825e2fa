package io.pushgate.runtime.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads configuration records.
 *
 * <p>A component {@code maxPollRecords} of a nested record {@code purger} is {@code
 * purger.max-poll-records} in YAML and on the command line, and {@code
 * PUSHGATE_PURGER_MAX_POLL_RECORDS} in the environment. Components may be text, numbers, booleans,
 * {@code Duration}, {@code Path}, enums, lists of these (in the environment separated by commas),
 * {@code Map<String, String>}, nested records and lists of records (in the file only). An {@code
 * IllegalArgumentException} of a record's constructor is a mistake of the whole record.
 */
public final class ConfigLoader {
    private static final ObjectMapper YAML =
            new ObjectMapper(
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private ConfigLoader() {}

    /**
     * Builds a record of settings from its sources: {@code overrides} win over {@code env}, {@code
     * env} over the file, the file over the defaults of the record.
     *
     * @param yaml the file, or null for none
     * @param env the environment; only names that begin with {@code PUSHGATE_} are looked at
     * @param overrides settings by path, such as {@code access.port}, from command-line flags
     * @throws ConfigException with every mistake of every source
     * @throws IllegalArgumentException if {@code type} has a component that no setting can be
     */
    public static <R extends Record> R load(
            Class<R> type,
            @Nullable Path yaml,
            Map<String, String> env,
            Map<String, String> overrides)
            throws ConfigException {
        List<String> mistakes = new ArrayList<>();
        JsonNode tree = yaml == null ? Binder.nothing() : read(yaml, mistakes);
        Sources sources = new Sources(Setting.leaves(type, ""), env, overrides, mistakes::add);
        String file = yaml == null ? "configuration" : yaml.toString();
        R result = new Binder(file, sources, mistakes::add).bind(type, "", tree);
        if (result == null || !mistakes.isEmpty()) {
            throw new ConfigException(mistakes);
        }
        return result;
    }

    private static JsonNode read(Path yaml, List<String> mistakes) {
        try {
            JsonNode tree = YAML.readTree(Files.readAllBytes(yaml));
            return tree.isNull() ? Binder.nothing() : tree;
        } catch (NoSuchFileException e) {
            mistakes.add(yaml + ": no such file");
        } catch (JsonProcessingException e) {
            String line = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            String what = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
            mistakes.add(yaml + ": not valid YAML" + line + ": " + what);
        } catch (IOException e) {
            mistakes.add(yaml + ": can't be read: " + e.getMessage());
        }
        return Binder.nothing();
    }
}
