package io.pushgate.faults.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A device that does a handshake and then reads as slowly as it likes, and never says a word. */
public final class RawDevice implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 4_096;
    private static final int CONNECT_MILLIS = 5_000;

    private final Socket socket;
    private final AtomicLong read = new AtomicLong();
    private volatile boolean ended;

    private RawDevice(Socket socket) {
        this.socket = socket;
    }

    /**
     * Connects and asks for an upgrade.
     *
     * @param port of the access node itself: a proxy would read on its behalf
     * @param pauseMillis between two bytes that it reads
     */
    public static RawDevice connect(int port, String token, long pauseMillis) {
        Socket socket = new Socket();
        try {
            socket.setReceiveBufferSize(RECEIVE_BUFFER);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            socket.getOutputStream()
                    .write(
                            """
                    GET /v1/ws HTTP/1.1\r
                    Host: 127.0.0.1\r
                    Upgrade: websocket\r
                    Connection: Upgrade\r
                    Sec-WebSocket-Version: 13\r
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                    Sec-WebSocket-Protocol: pushgate.v1.json\r
                    Authorization: Bearer %s\r
                    \r
                    """
                                    .formatted(token)
                                    .getBytes(US_ASCII));
            RawDevice device = new RawDevice(socket);
            Thread.ofVirtual().name("raw-device").start(() -> device.read(pauseMillis));
            return device;
        } catch (IOException e) {
            throw new UncheckedIOException("a raw device cannot connect", e);
        }
    }

    /** Whether the gateway has ended the connection, as far as the device has read. */
    public boolean hasEnded() {
        return ended;
    }

    public long bytesRead() {
        return read.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void read(long pauseMillis) {
        try {
            while (socket.getInputStream().read() >= 0) {
                read.incrementAndGet();
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
            }
        } catch (IOException e) {
            // Reset by the gateway, or closed by us.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended = true;
    }
}
