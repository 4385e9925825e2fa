package io.pushgate.console.http;

import java.util.Locale;

/** Every way in which a request can fail; each is described in {@code docs/http-api.md}. */
public enum ProblemType {
    /** A part of the request does not follow the API. */
    INVALID_REQUEST(400, "The request is not valid"),
    /** What came in is not HTTP as this server speaks it. */
    BAD_HTTP(400, "The request is not valid HTTP"),
    UNAUTHORIZED(401, "An API key is needed"),
    FORBIDDEN(403, "The API key is for something else"),
    /** No such path. */
    NOT_FOUND(404, "There is no such resource"),
    NO_SUCH_MESSAGE(404, "Nothing is known of the message"),
    NO_SUCH_DEVICE(404, "The device has never connected and nothing waits for it"),
    NO_SESSION(404, "The device is not connected"),
    NO_NODE(404, "There is no such access node"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    REQUEST_TIMEOUT(408, "The request did not arrive in time"),
    TOO_MANY_GROUPS(409, "The device is in too many groups"),
    GROUP_FULL(409, "The group is full"),
    TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The content type is not supported"),
    RATE_LIMITED(429, "Too many requests"),
    QUOTA_EXCEEDED(429, "The quota of the day is used up"),
    /** A fault of ours; it is in the log. */
    INTERNAL(500, "The server failed"),
    /** This process serves as many requests as it may, or shuts down. */
    OVERLOADED(503, "The server is busy"),
    /** Redis or Kafka is away. */
    UNAVAILABLE(503, "A service behind the API is away"),
    /** Kafka did not say in time whether it has the push. */
    NOT_ACKNOWLEDGED(503, "The push may or may not have been taken");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The last part of the URI: the constant's name in lower case with hyphens. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What stands as {@code type} in the answer. */
    public String uri() {
        return "urn:pushgate:problem:" + slug();
    }
}
