package io.pushgate.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Walks through one JSON text, strictly: no field twice in an object, nothing after the value, at
 * most {@link #MAX_DEPTH} levels.
 *
 * <p>It always stands on a value (before the first call, on the root). Every method that reads one
 * leaves it at that value's end, also when the value is of another type than asked for. All throw
 * {@link InvalidInputException} when the text turns out to be no JSON.
 */
final class JsonReader implements AutoCloseable {
    static final int MAX_DEPTH = 100;
    private static final int MAX_NUMBER_LENGTH = 1000;
    private static final int MAX_SHOWN = 40;
    private static final int MAX_PROBLEM = 200;
    private static final Pattern SOURCE = Pattern.compile("\\[Source: [^;]*; ([^]]*)]");

    // Field names are not kept in the factory's shared table: a hostile sender would fill it.
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNumberLength(MAX_NUMBER_LENGTH)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build();

    private final char[] text;
    private final JsonParser parser;

    private JsonReader(char[] text, int length) throws InvalidInputException {
        this.text = text;
        try {
            this.parser = FACTORY.createParser(text, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
        if (advance() == null) {
            throw new InvalidInputException("is empty, not a JSON object");
        }
    }

    static JsonReader of(String json) throws InvalidInputException {
        return new JsonReader(json.toCharArray(), json.length());
    }

    /** Refuses bytes that are not UTF-8. */
    static JsonReader of(byte[] json) throws InvalidInputException {
        try {
            // A new decoder reports malformed input, unlike new String(), which replaces it.
            CharBuffer chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            return new JsonReader(chars.array(), chars.length());
        } catch (CharacterCodingException e) {
            throw new InvalidInputException("is not valid UTF-8", e);
        }
    }

    boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    boolean isString() {
        return parser.currentToken() == JsonToken.VALUE_STRING;
    }

    boolean isBoolean() {
        return parser.currentToken().isBoolean();
    }

    /** Moves on to the value of the object's next field; null at the object's end. */
    @Nullable String nextField() throws InvalidInputException {
        if (advance() == JsonToken.END_OBJECT) {
            return null;
        }
        String name = text();
        advance();
        return name;
    }

    /** Moves on to the array's next element; false at the array's end. */
    boolean nextElement() throws InvalidInputException {
        return advance() != JsonToken.END_ARRAY;
    }

    /** The string here; the text of a number, {@code true}, {@code false} or {@code null}. */
    String text() throws InvalidInputException {
        try {
            return parser.getText();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Whether {@code true} stands here. */
    boolean isTrue() {
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    /** The whole number here, or -1 where there is none, or one below 0 or above {@code max}. */
    long natural(long max) throws InvalidInputException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            return -1;
        }
        try {
            if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                return -1;
            }
            long value = parser.getLongValue();
            return value <= max ? Math.max(value, -1) : -1;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** The value here exactly as it was written, without the white space around it. */
    String verbatim() throws InvalidInputException {
        int from = (int) parser.currentTokenLocation().getCharOffset();
        skip();
        int to = (int) parser.currentLocation().getCharOffset();
        return new String(text, from, to - from);
    }

    void skip() throws InvalidInputException {
        try {
            parser.skipChildren();
            parser.finishToken(); // a string is read only when asked for
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Goes past the root value: nothing but white space may follow. */
    void end() throws InvalidInputException {
        if (advance() != null) {
            throw new InvalidInputException("goes on after the end of its JSON object");
        }
    }

    /** What stands here, in words for people: short, printable ASCII. Does not move. */
    String shown() throws InvalidInputException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> quoted(text());
            default -> shortened(text());
        };
    }

    static String quoted(String value) {
        return '"' + shortened(value) + '"';
    }

    private static String shortened(String value) {
        StringBuilder shown = new StringBuilder();
        appendPrintable(shown, value, MAX_SHOWN);
        return shown.toString();
    }

    private static void appendPrintable(StringBuilder out, String value, int maxLength) {
        for (int i = 0; i < Math.min(value.length(), maxLength); i++) {
            char c = value.charAt(i);
            out.append(c >= ' ' && c <= '~' ? c : '?');
        }
        if (value.length() > maxLength) {
            out.append("...");
        }
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private @Nullable JsonToken advance() throws InvalidInputException {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** The parser's words without its remarks on where the text came from, short and printable. */
    private static String oneLine(String message) {
        String plain = SOURCE.matcher(message).replaceAll("$1");
        StringBuilder line = new StringBuilder();
        appendPrintable(line, plain, MAX_PROBLEM);
        return line.toString();
    }

    private static InvalidInputException malformed(IOException e) {
        if (e instanceof StreamConstraintsException) {
            return new InvalidInputException(
                    "goes beyond %d levels of nesting or has a number of more than %d characters"
                            .formatted(MAX_DEPTH, MAX_NUMBER_LENGTH),
                    e);
        }
        if (!(e instanceof JsonProcessingException problem)) {
            throw new UncheckedIOException("reading from memory", e);
        }
        return new InvalidInputException(
                "is not valid JSON at line %d, column %d: %s"
                        .formatted(
                                problem.getLocation().getLineNr(),
                                problem.getLocation().getColumnNr(),
                                oneLine(problem.getOriginalMessage())),
                e);
    }
}
