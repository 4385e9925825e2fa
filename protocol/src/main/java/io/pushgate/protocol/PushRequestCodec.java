package io.pushgate.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A push request as JSON, see {@code docs/protocol.md}. Reading is strict: what is not described
 * there is refused, with a sentence that says what is allowed instead.
 */
public final class PushRequestCodec {
    /** The whole request, UTF-8 bytes. */
    public static final int MAX_REQUEST_BYTES = 128 * 1024;

    /** {@link PushRequest#data}, UTF-8 bytes as written by the business. */
    public static final int MAX_DATA_BYTES = 64 * 1024;

    /** Different devices that one request may list. */
    public static final int MAX_DEVICES = 1000;

    /** Different platforms that one request may be narrowed to. */
    public static final int MAX_PLATFORMS = 16;

    private PushRequestCodec() {}

    /**
     * Reads a request; its {@code data} is cut out as it was written.
     *
     * @throws InvalidRequestException for any input that is not a whole valid request. It reports
     *     the first fault, and carries id and app also where they come after it, as long as the
     *     JSON can be read up to there
     */
    public static PushRequest decode(byte[] json) throws InvalidRequestException {
        if (json.length > MAX_REQUEST_BYTES) {
            throw new InvalidRequestException(
                    "the request is too big: at most %d bytes are allowed, not %d"
                            .formatted(MAX_REQUEST_BYTES, json.length),
                    null,
                    null);
        }
        return new PushRequestReader().read(json);
    }

    /**
     * Writes a request without the fields that have their default. The ttl is cut to whole seconds.
     *
     * @param request holds valid names and valid JSON: neither is checked here
     */
    public static byte[] encode(PushRequest request) {
        JsonWriter out =
                new JsonWriter()
                        .text("id", request.id())
                        .text("app", request.app())
                        .json("to", encodeTarget(request.to()))
                        .json("data", new String(request.data(), StandardCharsets.UTF_8));
        if (!request.ttl().equals(PushRequest.MAX_TTL)) {
            out.number("ttl", request.ttl().toSeconds());
        }
        if (request.priority() != Priority.NORMAL) {
            out.text("priority", request.priority().wireName());
        }
        if (request.collapse() != null) {
            out.text("collapse", request.collapse());
        }
        if (request.deliverAt() != 0) {
            out.number("deliverAt", request.deliverAt());
        }
        PushRequest.CancelOn cancelOn = request.cancelOn();
        if (cancelOn != null) {
            out.text("cancelOn", cancelOn.wireName());
        }
        if (request.receipt()) {
            out.yes("receipt");
        }
        if (request.trace()) {
            out.yes("trace");
        }
        return out.toBytes();
    }

    /**
     * Reads a target by itself.
     *
     * @throws InvalidInputException for anything that {@link #encodeTarget} could not have made
     */
    public static Target decodeTarget(String json) throws InvalidInputException {
        RequestFaults faults = new RequestFaults();
        try (JsonReader reader = JsonReader.of(json)) {
            Target target = new TargetReader(reader, faults).read();
            reader.end();
            String fault = faults.first();
            if (target == null || fault != null) {
                throw new InvalidInputException(fault == null ? "no target" : fault);
            }
            return target;
        }
    }

    /** Writes the {@code to} of a request, without line breaks. */
    public static String encodeTarget(Target target) {
        JsonWriter out = new JsonWriter();
        switch (target) {
            case Target.Device to -> out.text("device", to.device());
            case Target.Devices to -> out.texts("devices", to.devices());
            case Target.User to -> out.text("user", to.user());
            case Target.Group to -> out.text("group", to.group());
            case Target.All ignored -> out.yes("all");
        }
        Set<String> platforms = target.platforms();
        if (!platforms.isEmpty()) {
            out.texts("platform", platforms);
        }
        return out.close();
    }
}
