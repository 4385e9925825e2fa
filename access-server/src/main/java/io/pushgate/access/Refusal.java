package io.pushgate.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * The answer to a handshake that is not accepted, as problem+json (RFC 9457); the connection is
 * closed after it.
 *
 * @param tag of the meters; of a closed set
 * @param detail one sentence for people, ASCII without quotes or backslashes
 * @param header one more header line without its end, empty for none
 */
record Refusal(HttpResponseStatus status, String tag, String detail, String header) {
    static Refusal of(HttpResponseStatus status, String tag, String detail) {
        return new Refusal(status, tag, detail, "");
    }

    ByteBuf response() {
        String body =
                "{\"status\":"
                        + status.code()
                        + ",\"title\":\""
                        + status.reasonPhrase()
                        + "\",\"detail\":\""
                        + detail
                        + "\"}";
        String head =
                "HTTP/1.1 "
                        + status.code()
                        + " "
                        + status.reasonPhrase()
                        + "\r\nContent-Type: application/problem+json\r\nContent-Length: "
                        + body.length()
                        + "\r\nConnection: close\r\nCache-Control: no-store\r\n"
                        + (header.isEmpty() ? "" : header + "\r\n")
                        + "\r\n";
        return Unpooled.copiedBuffer(head + body, US_ASCII);
    }
}
