package io.pushgate.access;

/** The names of the handlers, in the order in which they stand in a pipeline. */
final class PipelineNames {
    static final String PROXY_DECODER = "proxy-decoder";
    static final String PROXY_HEADER = "proxy-header";
    static final String PROXY_GUARD = "proxy-guard";
    static final String TLS = "tls";
    static final String HTTP_DECODER = "http-decoder";
    static final String HANDSHAKE = "handshake";
    static final String FRAMES = "frames";

    private PipelineNames() {}
}
