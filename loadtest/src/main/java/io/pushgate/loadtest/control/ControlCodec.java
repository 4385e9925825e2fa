package io.pushgate.loadtest.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.pushgate.protocol.InvalidInputException;

/**
 * Control messages as lines of JSON. Strict: a line with anything missing or unknown is invalid.
 */
public final class ControlCodec {
    /** Without its end; the longest is a {@link ControlMessage.Result}. */
    public static final int MAX_LINE_BYTES = 16 * 1024 * 1024;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .build();

    private ControlCodec() {}

    /** With its line feed. */
    public static byte[] encode(ControlMessage message) {
        try {
            // Written as the interface, so that the type's name goes along.
            return (MAPPER.writerFor(ControlMessage.class).writeValueAsString(message) + "\n")
                    .getBytes(UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a control message that is no JSON", e);
        }
    }

    /**
     * @param line without its end
     * @throws InvalidInputException for anything but a control message, in one sentence
     */
    public static ControlMessage decode(byte[] line) throws InvalidInputException {
        try {
            ControlMessage message = MAPPER.readValue(line, ControlMessage.class);
            if (message == null) {
                throw new InvalidInputException("not a control message: null");
            }
            return message;
        } catch (java.io.IOException e) {
            String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : "";
            throw new InvalidInputException("not a control message: " + firstLine(why));
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
