package io.pushgate.client;

import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.pushgate.protocol.Names;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/** Collects what a {@link PushgateClient} needs: at least an address, a token and a listener. */
public final class PushgateClientBuilder {
    private static final String DEFAULT_VERSION = "java-0.1.0";
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(5);

    private List<Endpoint> endpoints = List.of();
    private @Nullable Supplier<String> tokens;
    private @Nullable PushgateListener listener;
    private @Nullable MessageStore store;
    private @Nullable EventLoopGroup group;
    private @Nullable Executor executor;
    private @Nullable SslContext tls;
    private AckMode ackMode = AckMode.AUTO;
    private Duration minBackoff = Duration.ofMillis(500);
    private Duration maxBackoff = Duration.ofSeconds(30);
    private String clientVersion = DEFAULT_VERSION;
    private Duration heartbeatGrace = DEFAULT_GRACE;
    private LongSupplier ticker = System::nanoTime;

    PushgateClientBuilder() {}

    /** The one address of the gateway: {@code ws://host[:port][/path]} or {@code wss://…}. */
    public PushgateClientBuilder url(String url) {
        return urls(List.of(URI.create(url)));
    }

    /**
     * Addresses of the gateway: the client starts at a random one and takes the next at each
     * attempt to connect. Without a path it is {@code /v1/ws}.
     *
     * @throws IllegalArgumentException if there is none, or one is not ws or wss
     */
    public PushgateClientBuilder urls(List<URI> urls) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("no address given");
        }
        endpoints = urls.stream().map(Endpoint::of).toList();
        return this;
    }

    /** A token that outlives the client. */
    public PushgateClientBuilder token(String token) {
        return tokenSupplier(() -> token);
    }

    /**
     * Asked for a JWT at each connect, on the executor (or the event loop, where it must not
     * block). It may throw: the client backs off and asks again.
     */
    public PushgateClientBuilder tokenSupplier(Supplier<String> supplier) {
        tokens = supplier;
        return this;
    }

    public PushgateClientBuilder listener(PushgateListener newListener) {
        listener = newListener;
        return this;
    }

    /**
     * What remembers the messages that were processed; in memory by default. The client does not
     * close it.
     */
    public PushgateClientBuilder store(MessageStore newStore) {
        store = newStore;
        return this;
    }

    /**
     * Event loops to share with other clients, see {@link EventLoops#create}; not shut down by the
     * client. Without it the client has a thread of its own.
     */
    public PushgateClientBuilder eventLoopGroup(EventLoopGroup newGroup) {
        group = newGroup;
        return this;
    }

    /**
     * Where callbacks run, one at a time and in order; the event loop by default. When it rejects a
     * task, the client closes.
     */
    public PushgateClientBuilder executor(Executor newExecutor) {
        executor = newExecutor;
        return this;
    }

    public PushgateClientBuilder ackMode(AckMode newMode) {
        ackMode = newMode;
        return this;
    }

    /** Exponential with full jitter; 500 ms and 30 s by default. */
    public PushgateClientBuilder backoff(Duration min, Duration max) {
        minBackoff = min;
        maxBackoff = max;
        return this;
    }

    /**
     * The app's version, for the gateway's meters: 1 to 64 of {@code A-Z a-z 0-9 . _ -}.
     *
     * @throws IllegalArgumentException if it has others
     */
    public PushgateClientBuilder clientVersion(String version) {
        if (!Names.isLabel(version)) {
            throw new IllegalArgumentException("not a version: " + version);
        }
        clientVersion = version;
        return this;
    }

    /**
     * For wss: Netty's, as it is; without it the JDK's authorities are trusted, and the
     * certificate's name is checked.
     */
    public PushgateClientBuilder sslContext(SslContext context) {
        tls = context;
        return this;
    }

    /**
     * For wss: the JDK's, such as one with a certificate of the device's own; names are checked.
     */
    public PushgateClientBuilder sslContext(SSLContext context) {
        tls = ClientTls.of(context);
        return this;
    }

    /**
     * For wss: trusts only the authorities of a PEM file, which is read now; names are checked.
     *
     * @throws IllegalArgumentException if the file can't be read or holds no certificate
     */
    public PushgateClientBuilder trustedAuthorities(Path pem) {
        tls = ClientTls.trusting(pem);
        return this;
    }

    /** For tests. */
    PushgateClientBuilder heartbeatGrace(Duration grace) {
        heartbeatGrace = grace;
        return this;
    }

    /** For tests. */
    PushgateClientBuilder ticker(LongSupplier nanos) {
        ticker = nanos;
        return this;
    }

    /**
     * A client that is not started yet.
     *
     * @throws IllegalStateException if the address, the token or the listener is missing
     * @throws IllegalArgumentException if the backoff makes no sense
     */
    public PushgateClient build() {
        if (endpoints.isEmpty() || tokens == null || listener == null) {
            throw new IllegalStateException("a client needs an address, a token and a listener");
        }
        ClientOptions options =
                new ClientOptions(
                        endpoints, tokens, clientVersion, tlsOrDefault(), heartbeatGrace, ticker);
        Backoff backoff =
                new Backoff(minBackoff, maxBackoff, () -> ThreadLocalRandom.current().nextLong());
        return new PushgateClient(
                options,
                new ReconnectPolicy(backoff),
                listener,
                store == null ? MessageStore.inMemory() : store,
                ackMode,
                executor,
                group == null ? EventLoops.create(1, "pushgate-client") : group,
                group == null);
    }

    /** {@link #build} and {@link PushgateClient#start}. */
    public PushgateClient start() {
        return build().start();
    }

    private @Nullable SslContext tlsOrDefault() {
        if (tls != null || endpoints.stream().noneMatch(Endpoint::tls)) {
            return tls;
        }
        return ClientTls.byDefault();
    }
}
