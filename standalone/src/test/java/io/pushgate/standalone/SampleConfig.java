package io.pushgate.standalone;

import io.pushgate.runtime.config.ConfigDoc;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Writes the sample configuration: every key with its meaning and its default. */
final class SampleConfig {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]*");
    private static final int WIDTH = 100;
    private static final String HEAD =
            """
            # Every key of the configuration with its default; made from the records, so nothing is missing.
            # Use a copy with --config FILE or PUSHGATE_CONFIG=FILE. A variable wins over the file, a flag over both: the
            # variable of redis.uri is PUSHGATE_REDIS_URI. A key without a default stands in a comment.
            """;

    private SampleConfig() {}

    static String write(List<ConfigDoc.Entry> entries) {
        StringBuilder yaml = new StringBuilder(HEAD);
        List<String> section = List.of();
        for (ConfigDoc.Entry entry : entries) {
            List<String> path = List.of(entry.path().split("\\."));
            List<String> parents = path.subList(0, path.size() - 1);
            if (parents.isEmpty() || !section.equals(parents)) {
                yaml.append('\n');
            }
            openSections(yaml, section, parents);
            section = parents;
            String indent = "  ".repeat(parents.size());
            for (String line : wrapped(entry.doc(), WIDTH - indent.length() - 2)) {
                yaml.append(indent).append("# ").append(line).append('\n');
            }
            String key = path.getLast();
            String value = entry.defaultValue();
            if (value == null) {
                yaml.append(indent).append("# ").append(key).append(":\n");
            } else {
                yaml.append(indent)
                        .append(key)
                        .append(": ")
                        .append(value(entry, value))
                        .append('\n');
            }
        }
        return yaml.toString();
    }

    private static void openSections(StringBuilder yaml, List<String> from, List<String> to) {
        int common = 0;
        while (common < Math.min(from.size(), to.size())
                && from.get(common).equals(to.get(common))) {
            common++;
        }
        for (int depth = common; depth < to.size(); depth++) {
            yaml.append("  ".repeat(depth)).append(to.get(depth)).append(":\n");
        }
    }

    private static String value(ConfigDoc.Entry entry, String value) {
        if (entry.type().startsWith("list")) {
            List<String> items = new ArrayList<>();
            for (String item : value.split(",", -1)) {
                if (!item.isBlank()) {
                    items.add(scalar(item.strip()));
                }
            }
            return "[" + String.join(", ", items) + "]";
        }
        return scalar(value);
    }

    private static String scalar(String value) {
        return PLAIN.matcher(value).matches() ? value : "\"" + value + "\"";
    }

    private static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return lines;
    }
}
