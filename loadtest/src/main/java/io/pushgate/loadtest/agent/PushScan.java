package io.pushgate.loadtest.agent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.ServerFrameCodec;

/**
 * Reads what this run has published from push frames, without building anything: the fields in the
 * order in which the gateway writes them. {@link #normalize} helps with any other order. One frame
 * at a time; belongs to one thread.
 */
final class PushScan {
    /** No frame's fields before the padding are longer. */
    static final int HEAD_BYTES = 512;

    private static final byte[] START = ascii("{\"t\":\"push\",\"pos\":\"");
    private static final byte[] DASH = ascii("-");
    private static final byte[] ID = ascii("\",\"id\":\"");
    private static final byte[] AT = ascii("\",\"at\":");
    private static final byte[] AGAIN = ascii(",\"again\":true");
    private static final byte[] MESSAGE = ascii(",\"data\":{\"m\":");
    private static final byte[] DUE = ascii(",\"s\":");
    private static final byte[] STORED = ascii(",\"p\":");
    private static final byte[] PAD = ascii(",\"pad\":\"");
    private static final int MAX_DIGITS = 18;

    private final byte[] idPrefix;
    private byte[] bytes = {};
    private int length;
    private int at;

    /** The position of the push read last. */
    long millis;

    long sequence;

    /** Its number in the plan. */
    int message;

    /** When it was due and when it was published, by the coordinator's clock. */
    long due;

    long stored;

    PushScan(String run) {
        idPrefix = ascii(run + "-");
    }

    /** Whether it is a push of this run; only then the fields are set. */
    boolean read(byte[] frame, int frameLength) {
        bytes = frame;
        length = frameLength;
        at = 0;
        if (!skip(START)) {
            return false;
        }
        millis = number();
        if (!skip(DASH)) {
            return false;
        }
        sequence = number();
        if (!skip(ID) || !skip(idPrefix)) {
            return false;
        }
        long id = number();
        if (!skip(AT)) {
            return false;
        }
        long accepted = number();
        boolean _ = skip(AGAIN);
        if (!skip(MESSAGE)) {
            return false;
        }
        long inData = number();
        if (!skip(DUE)) {
            return false;
        }
        due = number();
        if (!skip(STORED)) {
            return false;
        }
        stored = number();
        message = (int) inData;
        return skip(PAD)
                && accepted >= 0
                && millis >= 0
                && sequence >= 0
                && due >= 0
                && stored >= 0
                && id == inData
                && inData >= 0
                && inData <= Integer.MAX_VALUE;
    }

    /** The same push with its fields in the order that {@link #read} knows. */
    static byte[] normalize(ServerFrame.Push push) {
        return ServerFrameCodec.encode(
                new ServerFrame.Push(
                        push.position(), push.id(), push.at(), push.data(), false, null));
    }

    /**
     * @throws InvalidInputException for what is no known frame
     */
    static ServerFrame decode(byte[] frame) throws InvalidInputException {
        return ServerFrameCodec.decode(new String(frame, UTF_8));
    }

    private boolean skip(byte[] literal) {
        if (length - at < literal.length) {
            return false;
        }
        for (int i = 0; i < literal.length; i++) {
            if (bytes[at + i] != literal[i]) {
                return false;
            }
        }
        at += literal.length;
        return true;
    }

    /** -1 where no number stands, or one too long. */
    private long number() {
        long value = 0;
        int start = at;
        while (at < length && bytes[at] >= '0' && bytes[at] <= '9') {
            value = value * 10 + (bytes[at] - '0');
            at++;
            if (at - start > MAX_DIGITS) {
                return -1;
            }
        }
        return at == start ? -1 : value;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
