package io.pushgate.access;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.HOST;
import static io.netty.handler.codec.http.HttpHeaderNames.ORIGIN;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_KEY;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL;
import static io.netty.handler.codec.http.HttpHeaderNames.SEC_WEBSOCKET_VERSION;
import static io.netty.handler.codec.http.HttpHeaderNames.TRANSFER_ENCODING;
import static io.netty.handler.codec.http.HttpHeaderNames.UPGRADE;
import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.NOT_FOUND;
import static io.netty.handler.codec.http.HttpResponseStatus.UPGRADE_REQUIRED;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

import org.jspecify.annotations.Nullable;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a request's head asks for our WebSocket, to the letter of RFC 6455, 4.2.1 and RFC 9112:
 * what two parsers could read in two ways is refused. Any thread.
 */
final class RequestRules {
    static final String PATH = "/v1/ws";
    static final String SUBPROTOCOL = "pushgate.v1.json";

    private static final int KEY_BYTES = 16;

    private final Set<String> origins;

    /**
     * @param origins as browsers send them, {@code *} for any
     */
    RequestRules(List<String> origins) {
        this.origins = Set.copyOf(origins.stream().map(o -> o.toLowerCase(Locale.ROOT)).toList());
    }

    /**
     * @param earlyData whether more than the head has come in
     * @return null where the request is a handshake
     */
    @Nullable Refusal check(HttpRequest request, String path, boolean earlyData) {
        Refusal refusal = checkMessage(request, earlyData);
        if (refusal == null) {
            refusal = checkTarget(request, path);
        }
        return refusal == null ? checkUpgrade(request.headers()) : refusal;
    }

    private static @Nullable Refusal checkMessage(HttpRequest request, boolean earlyData) {
        HttpHeaders headers = request.headers();
        if (!HttpVersion.HTTP_1_1.equals(request.protocolVersion())) {
            return Refusal.of(
                    HTTP_VERSION_NOT_SUPPORTED, "http_version", "only HTTP/1.1 is spoken here");
        }
        if (headers.getAll(HOST).size() != 1) {
            return bad("host", "send exactly one Host");
        }
        if (headers.contains(TRANSFER_ENCODING) || hasContent(headers) || earlyData) {
            return bad("body", "a handshake has no body, and nothing follows it before the answer");
        }
        return null;
    }

    private static boolean hasContent(HttpHeaders headers) {
        List<String> lengths = headers.getAll(CONTENT_LENGTH);
        return lengths.size() > 1 || (lengths.size() == 1 && !"0".equals(lengths.getFirst()));
    }

    private static @Nullable Refusal checkTarget(HttpRequest request, String path) {
        if (!PATH.equals(path)) {
            return Refusal.of(NOT_FOUND, "path", "there is only " + PATH + " here");
        }
        if (!HttpMethod.GET.equals(request.method())) {
            return new Refusal(METHOD_NOT_ALLOWED, "method", "a handshake is a GET", "Allow: GET");
        }
        return null;
    }

    private @Nullable Refusal checkUpgrade(HttpHeaders headers) {
        if (!headers.containsValue(UPGRADE, "websocket", true)
                || !headers.containsValue(CONNECTION, "upgrade", true)) {
            return new Refusal(
                    UPGRADE_REQUIRED,
                    "no_upgrade",
                    "this is a WebSocket",
                    "Upgrade: websocket\r\nSec-WebSocket-Version: 13");
        }
        List<String> versions = headers.getAll(SEC_WEBSOCKET_VERSION);
        if (versions.size() != 1 || !"13".equals(versions.getFirst())) {
            return new Refusal(
                    UPGRADE_REQUIRED,
                    "websocket_version",
                    "only version 13 of WebSocket is spoken here",
                    "Sec-WebSocket-Version: 13");
        }
        List<String> keys = headers.getAll(SEC_WEBSOCKET_KEY);
        if (keys.size() != 1 || !isKey(keys.getFirst())) {
            return bad("websocket_key", "send one Sec-WebSocket-Key of 16 bytes in base64");
        }
        if (!isOriginAllowed(headers.getAll(ORIGIN))) {
            return Refusal.of(FORBIDDEN, "origin", "this Origin may not connect");
        }
        if (headers.contains(SEC_WEBSOCKET_PROTOCOL) && !offersSubprotocol(headers)) {
            return bad("subprotocol", "the subprotocol here is " + SUBPROTOCOL);
        }
        return null;
    }

    static boolean offersSubprotocol(HttpHeaders headers) {
        return headers.containsValue(SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL, false);
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean isOriginAllowed(List<String> sent) {
        return sent.isEmpty()
                || (sent.size() == 1
                        && (origins.contains("*")
                                || origins.contains(sent.getFirst().toLowerCase(Locale.ROOT))));
    }

    private static Refusal bad(String tag, String detail) {
        return Refusal.of(BAD_REQUEST, tag, detail);
    }
}
