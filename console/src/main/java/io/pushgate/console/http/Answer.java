package io.pushgate.console.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param body empty for none; nobody writes into it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Answer(int status, byte[] body, Map<String, String> headers) {
    static Answer of(int status, String contentType, byte[] body) {
        return new Answer(status, body, Map.of("Content-Type", contentType));
    }

    public static Answer json(int status, Object value) {
        return of(status, "application/json", Json.bytes(value));
    }

    /** 200. */
    public static Answer ok(Object value) {
        return json(200, value);
    }

    /** The same with further headers. */
    public Answer with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new Answer(status, body, all);
    }
}
