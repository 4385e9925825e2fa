package io.pushgate.faults.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts what a WebSocket server sends into text messages (RFC 6455, 5.2): unmasked, each in one
 * frame, after the head of the HTTP answer. Whatever else it sends is passed over.
 */
public final class ServerFrames implements Tap {
    private static final int TEXT = 1;
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    private final Consumer<String> messages;
    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private final byte[] header = new byte[10];
    private int headMatched;
    private int headerLength;
    private long left;
    private boolean inPayload;

    public ServerFrames(Consumer<String> messages) {
        this.messages = messages;
    }

    @Override
    public void bytes(byte[] buffer, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (headMatched < END_OF_HEAD.length) {
                head(buffer[at++]);
            } else if (inPayload) {
                int n = (int) Math.min(left, end - at);
                payload.write(buffer, at, n);
                at += n;
                left -= n;
                endIfWhole();
            } else {
                header[headerLength++] = buffer[at++];
                beginIfWhole();
            }
        }
    }

    private void head(byte b) {
        headMatched = b == END_OF_HEAD[headMatched] ? headMatched + 1 : b == '\r' ? 1 : 0;
    }

    private void beginIfWhole() {
        if (headerLength < 2) {
            return;
        }
        int shortLength = header[1] & 0x7F;
        int extra = shortLength == 126 ? 2 : shortLength == 127 ? 8 : 0;
        if (headerLength < 2 + extra) {
            return;
        }
        left = extra == 0 ? shortLength : 0;
        for (int i = 2; i < 2 + extra; i++) {
            left = (left << 8) | (header[i] & 0xFF);
        }
        headerLength = 0;
        inPayload = true;
        payload.reset();
        endIfWhole();
    }

    private void endIfWhole() {
        if (left > 0) {
            return;
        }
        inPayload = false;
        if ((header[0] & 0x0F) == TEXT) {
            messages.accept(payload.toString(StandardCharsets.UTF_8));
        }
    }
}
