package io.pushgate.client;

import io.pushgate.protocol.Names;
import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An address of the gateway: {@code ws://host[:port][/path]} or {@code wss://…}. */
record Endpoint(URI uri, boolean tls, String host, int port) {
    /** The whole request line may have 8 KiB. */
    private static final int MAX_CURSORS_LENGTH = 4_000;

    private static final String DEFAULT_PATH = "/v1/ws";

    /**
     * @throws IllegalArgumentException if it is not such an address
     */
    static Endpoint of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("wss");
        if ((!tls && !scheme.equals("ws")) || uri.getHost() == null) {
            throw new IllegalArgumentException("not a ws:// or wss:// address: " + uri);
        }
        int port = uri.getPort() != -1 ? uri.getPort() : tls ? 443 : 80;
        return new Endpoint(uri, tls, bare(uri.getHost()), port);
    }

    /**
     * What the gateway names as the next address: {@code //host:port} with the rest as here, or a
     * whole URL. Null unless it is one of the same scheme, so that nobody is led away from TLS.
     */
    @Nullable Endpoint named(String url) {
        try {
            URI to = uri.resolve(url);
            if (new URI(url).getRawAuthority() == null
                    || !uri.getScheme().equalsIgnoreCase(to.getScheme())
                    || to.getRawUserInfo() != null) {
                return null;
            }
            String path =
                    to.getRawPath() == null || to.getRawPath().isEmpty() ? pathAndQuery() : "";
            return of(path.isEmpty() ? to : new URI(to + path));
        } catch (IllegalArgumentException | URISyntaxException e) {
            return null;
        }
    }

    private String pathAndQuery() {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /**
     * The request's target.
     *
     * @param lastId the message processed last
     * @param cursors how far the app has got in each broadcast log
     */
    URI handshakeUri(@Nullable String lastId, Map<String, Position> cursors, String version) {
        StringBuilder query = new StringBuilder();
        if (uri.getRawQuery() != null) {
            query.append(uri.getRawQuery()).append('&');
        }
        // Neither needs escaping: see Names.
        query.append("version=").append(version);
        // Always: it tells the gateway that this client keeps its cursors.
        query.append("&cursors=");
        append(query, cursors);
        if (lastId != null && Names.isMessageId(lastId)) {
            query.append("&last=").append(lastId);
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        try {
            String text =
                    "%s://%s%s?%s"
                            .formatted(
                                    uri.getScheme(),
                                    uri.getRawAuthority(),
                                    path.length() <= 1 ? DEFAULT_PATH : path,
                                    query);
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("cannot happen: the parts came from a URI", e);
        }
    }

    /** What doesn't fit in is left to the gateway, which has an idea of its own of where we are. */
    private static void append(StringBuilder query, Map<String, Position> cursors) {
        int end = query.length() + MAX_CURSORS_LENGTH;
        String separator = "";
        for (Map.Entry<String, Position> cursor : new TreeMap<>(cursors).entrySet()) {
            // In a query a bare + would be a space; nothing else that a name holds needs escaping.
            String one = separator + cursor.getKey().replace("+", "%2B") + ":" + cursor.getValue();
            if (!Names.isLog(cursor.getKey()) || query.length() + one.length() > end) {
                continue;
            }
            query.append(one);
            separator = ",";
        }
    }

    /** Without path and query, for events and logs. */
    @Override
    public String toString() {
        return (tls ? "wss://" : "ws://") + uri.getHost() + ":" + port;
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
