package io.pushgate.console.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

import io.pushgate.console.http.Problem;
import io.pushgate.console.http.ProblemType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts a list of push requests into its elements, each as it was written. */
final class PushBodies {
    /** Requests of one list. */
    static final int MAX_REQUESTS = 1000;

    private static final int MAX_DEPTH = 100;

    // Field names are not kept in the factory's shared table: a hostile sender would fill it.
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNameLength(Integer.MAX_VALUE)
                                    .build())
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build();

    private PushBodies() {}

    static boolean isList(byte[] body) {
        for (byte b : body) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '[';
            }
        }
        return false;
    }

    /** The elements, which may each be anything. */
    static List<byte[]> split(byte[] body) throws Problem {
        List<byte[]> elements = new ArrayList<>();
        String text = text(body);
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == null) {
                    throw invalid("the list does not end");
                }
                if (elements.size() == MAX_REQUESTS) {
                    throw invalid("a list may have %d requests".formatted(MAX_REQUESTS));
                }
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                int to = (int) parser.currentLocation().getCharOffset();
                elements.add(text.substring(from, to).getBytes(StandardCharsets.UTF_8));
            }
            if (parser.nextToken() != null) {
                throw invalid("the body goes on after the list");
            }
        } catch (StreamConstraintsException e) {
            throw invalid(
                    "the body is nested too deeply, or has a number or a name that is too long");
        } catch (JsonProcessingException e) {
            throw invalid(
                    "the body is not valid JSON at line %d, column %d"
                            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
        if (elements.isEmpty()) {
            throw invalid("the list is empty");
        }
        return elements;
    }

    // Jackson would guess another encoding, and its places be those of another text.
    private static String text(byte[] body) throws Problem {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw invalid("the body is not valid UTF-8");
        }
    }

    private static Problem invalid(String detail) {
        return new Problem(ProblemType.INVALID_REQUEST, detail);
    }
}
