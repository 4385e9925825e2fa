package io.pushgate.runtime.telemetry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;

import io.pushgate.runtime.log.LoggerLevels;
import io.pushgate.runtime.telemetry.ManagementServer.Answer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;

/**
 * {@code GET /loggers} lists the loggers with a level of their own, {@code GET /loggers/NAME} shows
 * one, {@code PUT /loggers/NAME} with {@code {"level":"debug"}} changes it, {@code null} takes it
 * back. Changes are for clients on this machine, unless told otherwise.
 */
final class LoggersResource {
    private static final String PATH = "/loggers";
    private static final int MAX_BODY_BYTES = 1024;
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final LoggerLevels levels = new LoggerLevels();
    private final boolean fromAnywhere;

    LoggersResource(boolean fromAnywhere) {
        this.fromAnywhere = fromAnywhere;
    }

    static boolean owns(String path) {
        return path.equals(PATH) || path.startsWith(PATH + "/");
    }

    /**
     * @param reads whether it is a GET or HEAD
     */
    Answer answer(HttpExchange exchange, String path, boolean reads) throws IOException {
        String name = path.equals(PATH) ? "" : path.substring(PATH.length() + 1);
        if (reads) {
            return name.isEmpty()
                    ? Answer.json(200, Map.of("loggers", levels.own()))
                    : answer(levels.get(name));
        }
        if (!exchange.getRequestMethod().equals("PUT") || name.isEmpty()) {
            exchange.getResponseHeaders().set("Allow", name.isEmpty() ? "GET" : "GET, PUT");
            return Answer.text(405, "GET, or PUT to one logger\n");
        }
        if (!mayChange(exchange.getRemoteAddress().getAddress())) {
            return Answer.text(
                    403,
                    "levels are changed from this machine only (management.remote-log-levels)\n");
        }
        return change(exchange, name);
    }

    boolean mayChange(InetAddress client) {
        return fromAnywhere || client.isLoopbackAddress();
    }

    private Answer change(HttpExchange exchange, String name) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        JsonNode level = body.length > MAX_BODY_BYTES ? null : level(body);
        if (level == null) {
            return Answer.text(400, "send {\"level\":\"debug\"}, or null for its parent's level\n");
        }
        return answer(levels.set(name, level.isNull() ? null : level.asText()));
    }

    /** Null where the body is not one object with a level and nothing else. */
    private static @Nullable JsonNode level(byte[] body) {
        try {
            JsonNode object = JSON.readTree(body);
            JsonNode level = object.path("level");
            return object.size() == 1 && (level.isTextual() || level.isNull()) ? level : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static Answer answer(LoggerLevels.Outcome outcome) throws JsonProcessingException {
        return switch (outcome) {
            case LoggerLevels.Found found -> Answer.json(200, found);
            case LoggerLevels.Unknown(String detail) -> Answer.text(404, detail + "\n");
            case LoggerLevels.Refused(String detail) -> Answer.text(400, detail + "\n");
        };
    }
}
