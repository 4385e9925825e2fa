package io.pushgate.console.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ends a request with an error, as RFC 9457 describes it. */
public final class Problem extends Exception {
    private static final long serialVersionUID = 1L;
    private static final String RETRY_AFTER = "Retry-After";

    private final ProblemType type;
    private final int status;
    private final transient Map<String, String> headers = new LinkedHashMap<>();
    private final transient Map<String, Object> members = new LinkedHashMap<>();

    /**
     * @param detail one sentence for the developer of the client
     */
    public Problem(ProblemType type, String detail) {
        this(type, type.status(), detail);
    }

    /** With another status than the type's own. */
    Problem(ProblemType type, int status, String detail) {
        super(detail, null, false, false);
        this.type = type;
        this.status = status;
    }

    public ProblemType type() {
        return type;
    }

    /** The sentence. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** The same with a further header. */
    public Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** The same with a further member of the JSON object. */
    public Problem member(String name, Object value) {
        members.put(name, value);
        return this;
    }

    /** The same with a Retry-After, in whole seconds, rounded up. */
    public Problem retryAfter(Duration wait) {
        return header(RETRY_AFTER, Long.toString(Math.max(1, (wait.toMillis() + 999) / 1000)));
    }

    Answer answer() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type.uri());
        body.put("title", type.title());
        body.put("status", status);
        body.put("detail", detail());
        body.putAll(members);
        return Answer.of(status, "application/problem+json", Json.bytes(body)).with(headers);
    }
}
