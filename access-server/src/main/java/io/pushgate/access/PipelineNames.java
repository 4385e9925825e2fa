package io.pushgate.access;

/** The names of the handlers, in the order in which they stand in a pipeline. */
final class PipelineNames {
    static final String HTTP_DECODER = "http-decoder";
    static final String HANDSHAKE = "handshake";
    static final String FRAME_DECODER = "frame-decoder";
    static final String FRAMES = "frames";

    private PipelineNames() {}
}
