package io.pushgate.loadtest.socket;

import java.net.InetSocketAddress;
import java.net.URI;

/**
 * A WebSocket server.
 *
 * @param uri what the handshake asks for
 * @param address looked up once
 */
public record Endpoint(URI uri, InetSocketAddress address) {
    private static final int DEFAULT_PORT = 80;

    /**
     * @param text {@code ws://host[:port][/path]}
     * @param defaultPath where the text has none
     * @throws IllegalArgumentException in words for whoever gave it
     */
    public static Endpoint of(String text, String defaultPath) {
        URI uri = URI.create(text);
        if (!"ws".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("not a ws:// address: " + text);
        }
        int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
        String path = uri.getRawPath();
        if (path == null || path.length() <= 1) {
            uri = URI.create("ws://" + uri.getRawAuthority() + defaultPath);
        }
        InetSocketAddress address = new InetSocketAddress(uri.getHost(), port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("unknown host: " + uri.getHost());
        }
        return new Endpoint(uri, address);
    }

    /**
     * @param query more of it, without a separator
     */
    public URI withQuery(String query) {
        if (query.isEmpty()) {
            return uri;
        }
        return URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + query);
    }
}
