package io.pushgate.runtime.config;

import static java.util.stream.Collectors.toMap;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What the environment and the command line say, by path; the command line wins. */
final class Sources {
    /** Read by the launcher before there is a configuration. */
    private static final Set<String> LAUNCHER =
            Set.of("PUSHGATE_HOME", "PUSHGATE_JAVA_OPTS", "PUSHGATE_CONFIG");

    /**
     * A value and where it came from.
     *
     * @param source in words for a person, such as the name of the variable
     */
    record Given(String value, String source) {}

    private final Map<String, Given> byPath = new LinkedHashMap<>();
    private final Map<String, Map<String, Given>> entries = new LinkedHashMap<>();

    /**
     * @param leaves every setting that there is
     * @param mistakes takes one line for each name that is no setting
     */
    Sources(
            List<Setting> leaves,
            Map<String, String> env,
            Map<String, String> overrides,
            Consumer<String> mistakes) {
        Map<String, Setting> byEnv = leaves.stream().collect(toMap(Setting::env, s -> s));
        Map<String, Setting> byName = leaves.stream().collect(toMap(Setting::path, s -> s));
        List<Setting> maps =
                leaves.stream().filter(s -> s.kind() instanceof Setting.Kind.Strings).toList();
        new TreeMap<>(env)
                .forEach(
                        (name, value) -> {
                            if (name.startsWith(Setting.ENV_PREFIX) && !LAUNCHER.contains(name)) {
                                Setting setting = byEnv.get(name);
                                if (setting != null) {
                                    byPath.put(setting.path(), new Given(value, name));
                                } else if (!entry(maps, name, value)) {
                                    mistakes.accept(unknown(name, "variable", byEnv.keySet()));
                                }
                            }
                        });
        new TreeMap<>(overrides)
                .forEach(
                        (path, value) -> {
                            Given given = new Given(value, "command line");
                            if (byName.containsKey(path)) {
                                byPath.put(path, given);
                            } else {
                                mistakes.accept(unknown(path, "setting", byName.keySet()));
                            }
                        });
    }

    @Nullable Given at(String path) {
        return byPath.get(path);
    }

    /** The entries of the map at {@code path} that have a variable of their own. */
    Map<String, Given> entriesAt(String path) {
        return entries.getOrDefault(path, Map.of());
    }

    /** Whether anything is said about {@code path} or what is below it. */
    boolean mentions(String path) {
        return byPath.keySet().stream()
                        .anyMatch(key -> key.equals(path) || key.startsWith(path + "."))
                || entries.keySet().stream().anyMatch(key -> key.startsWith(path + "."));
    }

    /** One line about a name that nobody knows, with the nearest one that is known. */
    static String unknown(String name, String what, Set<String> known) {
        int far = Math.max(2, name.length() / 3);
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= far)
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .map(nearest -> name + ": unknown " + what + "; did you mean " + nearest + "?")
                .orElse(name + ": unknown " + what);
    }

    /** {@code PUSHGATE_KAFKA_PROPERTIES_SASL_MECHANISM} is {@code sasl.mechanism} of the map. */
    private boolean entry(List<Setting> maps, String name, String value) {
        for (Setting map : maps) {
            String prefix = map.env() + "_";
            if (name.startsWith(prefix) && name.length() > prefix.length()) {
                String key =
                        name.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '.');
                entries.computeIfAbsent(map.path(), _ -> new LinkedHashMap<>())
                        .put(key, new Given(value, name));
                return true;
            }
        }
        return false;
    }

    /** Levenshtein's edit distance, ignoring case. */
    private static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
