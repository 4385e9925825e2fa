package io.pushgate.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.protocol.ServerFrameCodec;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A WebSocket client that does as it is told, however wrong; its reads wait 20 s at most. */
final class RawClient implements AutoCloseable {
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    private static final int FIN = 0x80;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final byte[] MASK = {1, 2, 3, 4};

    private final Socket socket = new Socket();
    private final DataInputStream in;

    /** A frame from the server. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int opcode, byte[] payload) {
        int closeCode() {
            return (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
        }
    }

    private RawClient(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    static RawClient connect(int port) throws IOException {
        return new RawClient(port, 0);
    }

    /** Connects and shakes hands. */
    static RawClient open(int port, String token) throws IOException {
        return open(port, token, 0, "");
    }

    /**
     * @param query more parameters, beginning with {@code &}, or empty
     */
    static RawClient open(int port, String token, int receiveBuffer, String query)
            throws IOException {
        RawClient client = new RawClient(port, receiveBuffer);
        client.write(request("/v1/ws?token=" + token + query));
        String head = client.readHead();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            client.close();
            throw new IOException("not let in: " + head);
        }
        return client;
    }

    /** A correct handshake, with more header lines, each with its end. */
    static String request(String target, String... lines) {
        return "GET "
                + target
                + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + String.join("", lines)
                + "\r\n";
    }

    void write(String text) throws IOException {
        write(text.getBytes(ISO_8859_1));
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    /** The head of the answer, without the empty line. */
    String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed after: " + head);
            }
            head.append((char) next);
        }
        return head.substring(0, head.length() - 4);
    }

    /** Everything up to the end, which has to be a clean one. */
    String readRest() throws IOException {
        return new String(in.readAllBytes(), UTF_8);
    }

    void send(String json) throws IOException {
        write(frame(FIN | TEXT, true, json.getBytes(UTF_8)));
    }

    void ack(Position position) throws IOException {
        send("{\"t\":\"ack\",\"pos\":\"" + position + "\"}");
    }

    /** Acks a broadcast in its log. */
    void ackInLog(ServerFrame.Push push) throws IOException {
        send(
                "{\"t\":\"ack\",\"pos\":\"%s\",\"log\":\"%s\"}"
                        .formatted(push.position(), push.log()));
    }

    /**
     * @param first the first byte: FIN and RSV bits and the opcode
     */
    static byte[] frame(int first, boolean masked, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int maskBit = masked ? 0x80 : 0;
        if (payload.length < 126) {
            out.write(maskBit | payload.length);
        } else if (payload.length < 65_536) {
            out.write(maskBit | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(maskBit | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        if (masked) {
            out.writeBytes(MASK);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ MASK[i % 4] : payload[i]);
        }
        return out.toByteArray();
    }

    /** The next frame; an end of the stream is an error. */
    Frame readFrame() throws IOException {
        int opcode = in.readUnsignedByte() & 0x0F;
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        return new Frame(opcode, payload);
    }

    /** The next text frame; others are passed over, but for a close frame, which is an error. */
    ServerFrame next() throws IOException {
        while (true) {
            Frame frame = readFrame();
            if (frame.opcode() == TEXT) {
                return decode(frame);
            }
            if (frame.opcode() == CLOSE) {
                throw new IOException("closed with " + frame.closeCode());
            }
        }
    }

    private static ServerFrame decode(Frame frame) throws IOException {
        try {
            return ServerFrameCodec.decode(new String(frame.payload(), UTF_8));
        } catch (InvalidInputException e) {
            throw new IOException(e);
        }
    }

    ServerFrame.Push nextPush() throws IOException {
        return (ServerFrame.Push) await(frame -> frame instanceof ServerFrame.Push);
    }

    ServerFrame await(Predicate<ServerFrame> wanted) throws IOException {
        ServerFrame frame = next();
        while (!wanted.test(frame)) {
            frame = next();
        }
        return frame;
    }

    void awaitWelcome() throws IOException {
        await(frame -> frame instanceof ServerFrame.Welcome);
    }

    /** The codes of all close frames; see {@link #closeCodes(Consumer)}. */
    List<Integer> closeCodes() throws IOException {
        return closeCodes(other -> {});
    }

    /**
     * The codes of all close frames up to the end of the stream; answers the first by hanging up.
     *
     * @param other takes the text frames met on the way
     */
    List<Integer> closeCodes(Consumer<ServerFrame> other) throws IOException {
        List<Integer> codes = new ArrayList<>();
        try {
            while (true) {
                Frame frame = readFrame();
                if (frame.opcode() == CLOSE) {
                    codes.add(frame.closeCode());
                    socket.shutdownOutput();
                } else if (frame.opcode() == TEXT) {
                    other.accept(decode(frame));
                }
            }
        } catch (EOFException | SocketException e) {
            return codes;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
