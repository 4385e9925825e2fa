package io.pushgate.runtime.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** The JDK's TLS client at an {@link EchoServer}; waits 10 s at most. */
final class EchoClient implements AutoCloseable {
    private final SSLSocket socket;

    /**
     * @param protocols versions of TLS that it speaks, the JDK's choice without any
     */
    EchoClient(SSLContext context, int port, String... protocols) throws IOException {
        socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
    }

    /** Sends a byte and waits for it: a server that doesn't let us in tells only now. */
    EchoClient echo() throws IOException {
        socket.startHandshake();
        socket.getOutputStream().write('x');
        if (socket.getInputStream().read() != 'x') {
            throw new IOException("the connection ended");
        }
        return this;
    }

    SSLSession session() {
        return socket.getSession();
    }

    /** The name on the server's certificate. */
    String server() throws IOException {
        return ((X509Certificate) session().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
