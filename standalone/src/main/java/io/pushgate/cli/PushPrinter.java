package io.pushgate.cli;

import io.pushgate.client.Connected;
import io.pushgate.client.Disconnected;
import io.pushgate.client.PushMessage;
import io.pushgate.client.PushgateListener;
import io.pushgate.client.Terminated;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Prints pushes on stdout, one JSON line each, and what becomes of the connection on stderr. */
final class PushPrinter implements PushgateListener {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter out;
    private final PrintWriter err;
    private final long count;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private long printed;

    PushPrinter(PrintWriter out, PrintWriter err, long count) {
        this.out = out;
        this.err = err;
        this.count = count;
    }

    /** Why there is nothing more to print. */
    sealed interface End {
        /** As many as were wanted. */
        record Counted() implements End {}

        record Failed(String reason) implements End {}
    }

    /** Waits for the last push that is wanted or possible. */
    End await() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed with an exception", e);
        }
    }

    @Override
    public void onMessage(PushMessage message) {
        if (end.isDone()) {
            // Not printed, so not acked: the next connection gets it.
            return;
        }
        out.println(line(message));
        if (out.checkError()) {
            end.complete(new End.Failed("nobody reads the output any more"));
            return;
        }
        message.ack();
        printed++;
        if (printed >= count) {
            end.complete(new End.Counted());
        }
    }

    /**
     * The data is JSON as the business wrote it; outside of its strings a line break is only white
     * space.
     */
    static String line(PushMessage message) {
        return "{\"pos\":\""
                + message.position()
                + "\",\"id\":\""
                + message.id()
                + "\",\"at\":"
                + message.acceptedAt()
                + (message.log() == null ? "" : ",\"log\":\"" + message.log() + "\"")
                + ",\"data\":"
                + message.data().replace('\n', ' ').replace('\r', ' ')
                + "}";
    }

    @Override
    public void onReset(String log) {
        say("broadcasts of the log " + log + " were missed: the gateway keeps them no longer");
    }

    @Override
    public void onConnected(Connected connected) {
        say("connected, session " + connected.session());
    }

    @Override
    public void onDisconnected(Disconnected disconnected) {
        if (disconnected.willReconnect()) {
            say(
                    String.format(
                            Locale.ROOT,
                            "not connected: %s; trying again in %.1f s",
                            reason(disconnected.code(), disconnected.reason()),
                            disconnected.after().toNanos() / NANOS_PER_SECOND));
        }
    }

    @Override
    public void onTerminated(Terminated terminated) {
        end.complete(
                new End.Failed(
                        "the gateway closed the connection for good: "
                                + reason(terminated.code(), terminated.reason())));
    }

    @Override
    public void onError(Throwable error) {
        say("error: " + error.getMessage());
    }

    void say(String line) {
        err.println(line);
        err.flush();
    }

    private static String reason(int code, String reason) {
        if (reason.isBlank()) {
            return "code " + code;
        }
        return reason.contains(Integer.toString(code)) ? reason : reason + " (" + code + ")";
    }
}
