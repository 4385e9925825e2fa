package io.pushgate.access;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;

/** Netty's decoder with our limits; it also tells whether anything follows the head. */
final class RequestDecoder extends HttpRequestDecoder {
    /** Bytes of the request line, and of all headers together, at most. */
    static final int MAX_BYTES = 8 * 1024;

    RequestDecoder() {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_BYTES)
                        .setMaxHeaderSize(MAX_BYTES)
                        .setChunkedSupported(false)
                        .setStrictLineParsing(true)
                        .setInitialBufferSize(256));
    }

    boolean hasMore() {
        return actualReadableBytes() > 0;
    }
}
