package io.pushgate.console.http;

import io.pushgate.runtime.tls.TlsConfig;

import java.time.Duration;

/**
 * How the server listens, and what a client may take of it.
 *
 * @param port 0 for any free one
 * @param maxConnections more are not accepted until one closes
 * @param maxRequests served at once; more are refused with 503
 * @param maxBody bytes of a request's body
 * @param bodyDeadline by when a body must be there
 * @param idle how long a connection may be open between requests, the head of the next one
 *     included, and how long a TLS handshake may take
 * @param tls with a certificate the port speaks TLS only
 */
public record HttpSettings(
        String host,
        int port,
        int maxConnections,
        int maxRequests,
        int maxBody,
        Duration bodyDeadline,
        Duration idle,
        TlsConfig tls) {}
