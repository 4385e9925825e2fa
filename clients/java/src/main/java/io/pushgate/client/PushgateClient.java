package io.pushgate.client;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.ScheduledFuture;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A device's connection to the gateway. Keeps itself connected (backoff with full jitter), resumes
 * after the messages processed last, hands each message to the {@link PushgateListener} once and in
 * order, and acks.
 *
 * <p>Every method may be called on any thread. All state belongs to one event loop; an idle client
 * costs its socket, one timer and about 4 KB of heap.
 */
public final class PushgateClient implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PushgateClient.class);

    /** A connection that lasted so long, or brought a message, ends the growth of the backoff. */
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private static final Duration MAX_GOAWAY = Duration.ofMinutes(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final int MIN_OPEN_LIMIT = 16;
    private static final int MAX_OPEN_LIMIT = 2_048;

    private final ClientOptions options;
    private final ReconnectPolicy policy;
    private final PushgateListener listener;
    private final MessageStore store;
    private final EventLoopGroup group;
    private final boolean ownsGroup;
    private final EventLoop loop;
    private final Callbacks callbacks;
    private final Streams streams;
    private final Events events = new Events();
    private final AtomicBoolean started = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile boolean connected;

    // Event loop only, from here on.
    private @Nullable Connection connection;
    private @Nullable ScheduledFuture<?> timer;
    private int endpoint;
    private int openLimit = MIN_OPEN_LIMIT;
    private boolean stopped;
    private boolean closing;
    private @Nullable Long returnAt;
    private @Nullable Endpoint current;

    /** Where the gateway wants the next connection, once. */
    private @Nullable Endpoint named;

    private long welcomedAt;
    private long processedAtWelcome;

    PushgateClient(
            ClientOptions options,
            ReconnectPolicy policy,
            PushgateListener listener,
            MessageStore store,
            AckMode ackMode,
            @Nullable Executor executor,
            EventLoopGroup group,
            boolean ownsGroup) {
        this.options = options;
        this.policy = policy;
        this.listener = listener;
        this.store = store;
        this.group = group;
        this.ownsGroup = ownsGroup;
        this.loop = group.next();
        this.callbacks = new Callbacks(executor, this::close);
        this.streams = new Streams(store, listener, ackMode, callbacks, this::onLoop, events);
        this.endpoint = ThreadLocalRandom.current().nextInt(options.endpoints().size());
    }

    public static PushgateClientBuilder builder() {
        return new PushgateClientBuilder();
    }

    /** Connects, now and whenever the connection is lost. Once; later calls do nothing. */
    public PushgateClient start() {
        if (started.compareAndSet(false, true)) {
            onLoop(this::connect);
        }
        return this;
    }

    /** Whether a session is open at this moment. */
    public boolean isConnected() {
        return connected;
    }

    /**
     * Sends the acks that are due, closes the connection and stays down.
     *
     * @return complete when no callback runs or follows any more
     */
    public CompletableFuture<Void> closeAsync() {
        streams.stop();
        try {
            loop.execute(this::closeOnLoop);
        } catch (RejectedExecutionException e) {
            // Somebody shut the shared event loops down first.
            closed.complete(null);
        }
        return closed.copy();
    }

    /** {@link #closeAsync}, waiting for at most 5 s, and not at all from within a callback. */
    @Override
    public void close() {
        CompletableFuture<Void> done = closeAsync();
        if (loop.inEventLoop() || callbacks.isRunningHere()) {
            return;
        }
        try {
            done.get(CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            log.warn("the client did not close within {}", CLOSE_TIMEOUT);
        }
    }

    private void connect() {
        timer = null;
        if (!stopped) {
            callbacks.execute(this::fetchToken);
        }
    }

    private void fetchToken() {
        String token;
        try {
            token = options.tokens().get();
        } catch (RuntimeException e) {
            events.error(e);
            onLoop(() -> noToken("the token supplier failed"));
            return;
        }
        onLoop(() -> open(token));
    }

    private void open(String token) {
        if (stopped) {
            return;
        }
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
            noToken("the token supplier gave no JWT");
            return;
        }
        Endpoint to = named;
        named = null;
        if (to == null) {
            to = options.endpoints().get(endpoint);
            endpoint = (endpoint + 1) % options.endpoints().size();
        }
        current = to;
        connection =
                Connector.connect(
                        options,
                        to,
                        token,
                        store.lastId(),
                        store.cursors(),
                        policy.patience(),
                        loop,
                        events);
    }

    private void noToken(String reason) {
        if (!stopped) {
            lost(new ConnectionEnd.Broken(reason));
        }
    }

    /** Decides what follows the end of a connection or an attempt. */
    private void lost(ConnectionEnd end) {
        cancelTimer();
        if (stopped) {
            events.disconnected(end, false, Duration.ZERO);
            finishClosing();
            return;
        }
        switch (policy.after(end, options.now())) {
            case ReconnectPolicy.Decision.Reconnect(Duration after) -> {
                Duration wait = returnAt == null ? after : untilReturn(returnAt);
                returnAt = null;
                events.disconnected(end, true, wait);
                timer = loop.schedule(this::connect, wait.toNanos(), TimeUnit.NANOSECONDS);
            }
            case ReconnectPolicy.Decision.GiveUp() -> {
                stopped = true;
                events.disconnected(end, false, Duration.ZERO);
                events.terminated(end);
            }
        }
    }

    private Duration untilReturn(long at) {
        policy.settled();
        return Duration.ofNanos(Math.max(0, at - options.now()));
    }

    private void closeOnLoop() {
        if (closing) {
            return;
        }
        closing = true;
        stopped = true;
        cancelTimer();
        if (connection != null) {
            connection.close("closed by the client");
        } else {
            finishClosing();
        }
    }

    private void finishClosing() {
        if (!closing) {
            return;
        }
        if (ownsGroup) {
            group.shutdownGracefully(0, CLOSE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
                    .addListener(_ -> finishCallbacks());
        } else {
            finishCallbacks();
        }
    }

    private void finishCallbacks() {
        callbacks.execute(() -> closed.complete(null));
        if (callbacks.isRejected()) {
            closed.complete(null);
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** After the loop's end there is nobody left to tell. */
    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("the event loop is gone", e);
        }
    }

    /** What connections and deliveries report, on the event loop. */
    private final class Events implements ConnectionOwner, Streams.Sink {
        @Override
        public void welcomed(Connection from, ServerFrame.Welcome welcome) {
            connected = true;
            policy.welcomed();
            welcomedAt = options.now();
            processedAtWelcome = streams.processed();
            openLimit = 2 * Math.clamp(welcome.window(), MIN_OPEN_LIMIT, MAX_OPEN_LIMIT);
            Duration heartbeat = Duration.ofMillis(welcome.heartbeat());
            Connected event = new Connected(welcome.session(), heartbeat, welcome.window());
            tell(() -> listener.onConnected(event));
        }

        @Override
        public void pushed(Connection from, ServerFrame.Push push) {
            streams.receive(push);
        }

        @Override
        public void reset(Connection from, ServerFrame.Reset reset) {
            streams.reset(reset);
        }

        @Override
        public void recalled(Connection from, ServerFrame.Recall recall) {
            streams.recall(recall);
        }

        @Override
        public void goaway(Connection from, ServerFrame.Goaway goaway) {
            if (returnAt != null) {
                return;
            }
            long millis = Math.clamp(goaway.after(), 0, MAX_GOAWAY.toMillis());
            long wait = TimeUnit.MILLISECONDS.toNanos(millis);
            returnAt = options.now() + wait;
            Endpoint here = current;
            String url = goaway.url();
            named = here == null || url == null ? null : here.named(url);
            String reason = "goaway: " + goaway.reason();
            timer = loop.schedule(() -> from.close(reason), wait, TimeUnit.NANOSECONDS);
        }

        @Override
        public void failure(Connection from, ServerFrame.Failure failure) {
            error(new IllegalStateException(failure.code() + ": " + failure.message()));
        }

        @Override
        public void ended(Connection from, ConnectionEnd end) {
            connection = null;
            if (connected) {
                connected = false;
                boolean lasted = options.now() - welcomedAt >= SETTLED.toNanos();
                if (lasted || streams.processed() > processedAtWelcome) {
                    policy.settled();
                }
            }
            lost(end);
        }

        @Override
        public void ack(@Nullable String log, Position upTo) {
            if (connection != null) {
                connection.ack(log, upTo);
            }
        }

        @Override
        public void open(int count) {
            if (connection == null) {
                return;
            }
            if (count >= openLimit) {
                connection.setReading(false);
            } else if (count <= openLimit / 2) {
                connection.setReading(true);
            }
        }

        @Override
        public void failed(String messageId) {
            if (connection != null) {
                connection.abort("the app could not take message " + messageId);
            }
        }

        @Override
        public void error(Throwable error) {
            if (callbacks.isRunningHere()) {
                guarded(() -> listener.onError(error));
            } else {
                onLoop(() -> tell(() -> listener.onError(error)));
            }
        }

        void disconnected(ConnectionEnd end, boolean willReconnect, Duration after) {
            var event = new Disconnected(end.code(), end.reason(), willReconnect, after);
            tell(() -> listener.onDisconnected(event));
        }

        void terminated(ConnectionEnd end) {
            tell(() -> listener.onTerminated(new Terminated(end.code(), end.reason())));
        }

        private void tell(Runnable callback) {
            callbacks.execute(() -> guarded(callback));
        }

        // The app's code: whatever it throws, we live.
        private void guarded(Runnable callback) {
            try {
                callback.run();
            } catch (Throwable e) {
                log.warn("a listener of the push client threw", e);
            }
        }
    }
}
