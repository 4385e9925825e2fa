package io.pushgate.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import java.nio.charset.StandardCharsets;

/**
 * Writes one JSON object, field by field, without white space. Names are ours and need no escaping;
 * half a surrogate pair, which UTF-8 can't hold, is escaped.
 */
final class JsonWriter {
    private final StringBuilder out = new StringBuilder(256);

    JsonWriter() {
        out.append('{');
    }

    JsonWriter text(String name, String value) {
        name(name);
        appendText(value);
        return this;
    }

    JsonWriter number(String name, long value) {
        name(name).append(value);
        return this;
    }

    JsonWriter yes(String name) {
        name(name).append(true);
        return this;
    }

    JsonWriter texts(String name, Iterable<String> values) {
        name(name).append('[');
        String separator = "";
        for (String value : values) {
            out.append(separator);
            appendText(value);
            separator = ",";
        }
        out.append(']');
        return this;
    }

    /** A value that is JSON already. */
    JsonWriter json(String name, CharSequence value) {
        name(name).append(value);
        return this;
    }

    /** Ends the object: nothing may be added after it. */
    String close() {
        return out.append('}').toString();
    }

    /** Ends the object and gives it in UTF-8. */
    byte[] toBytes() {
        return close().getBytes(StandardCharsets.UTF_8);
    }

    private StringBuilder name(String name) {
        if (out.length() > 1) {
            out.append(',');
        }
        return out.append('"').append(name).append("\":");
    }

    private void appendText(String value) {
        out.append('"');
        int start = out.length();
        JsonStringEncoder.getInstance().quoteAsString(value, out);
        for (int i = start; i < out.length(); i++) {
            char c = out.charAt(i);
            boolean pair =
                    Character.isHighSurrogate(c)
                            && i + 1 < out.length()
                            && Character.isLowSurrogate(out.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                out.replace(i, i + 1, "\\u" + Integer.toHexString(c));
            }
        }
        out.append('"');
    }
}
