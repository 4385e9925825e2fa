package io.pushgate.loadtest.agent;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.pushgate.loadtest.socket.Link;
import io.pushgate.loadtest.socket.Session;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.ServerFrame;

import org.jspecify.annotations.Nullable;

/**
 * One device through all its connections: does what docs/protocol.md asks of a client, in as few
 * bytes as it takes. Belongs to the event loop of its swarm.
 */
final class Device implements Session {
    private static final int UNAUTHORIZED = 401;

    /** After so many in a row, another one is of no use. */
    private static final int MAX_UNAUTHORIZED = 3;

    private final Swarm swarm;
    final int number;
    private final String token;
    private long millis;
    private long sequence;

    /** What this connection brought last: an access node takes no ack for anything beyond it. */
    private long broughtMillis;

    private long broughtSequence;
    private int newest = Ledger.NONE;
    private byte attempts;
    private byte unauthorized;
    private boolean welcomed;
    private boolean everWelcomed;
    private boolean ackDue;
    private boolean movingOn;

    /** The server of the last attempt, and whether that came to nothing. */
    private int server;

    private boolean inVain;
    private @Nullable Link link;
    private @Nullable Channel attempt;

    /** When the attempt or the connection began, on the swarm's clock. */
    private long since;

    /** When an attempt or a connection broke that excuses one replacement; 0 for none. */
    private long brokenAt;

    Device(Swarm swarm, int number, String token) {
        this.swarm = swarm;
        this.number = number;
        this.token = token;
    }

    /** Begins an attempt; there must be no other. */
    void connect(int url) {
        server = url;
        since = swarm.now();
        swarm.connecting++;
        attempt =
                swarm.connect(
                        this, url, token, newest == Ledger.NONE ? "" : swarm.messageId(newest));
    }

    @Override
    public void opened(Link opened) {
        swarm.connecting--;
        attempt = null;
        inVain = false;
        link = opened;
        since = swarm.now();
        opened.sentAt(since);
    }

    @Override
    public void text(Link from, ByteBuf text) {
        if (swarm.isFrozen()) {
            return;
        }
        if (swarm.scan(text)) {
            push(swarm.scan.millis, swarm.scan.sequence, true);
            return;
        }
        byte[] frame = new byte[text.readableBytes()];
        text.getBytes(text.readerIndex(), frame);
        try {
            switch (PushScan.decode(frame)) {
                case ServerFrame.Welcome welcome -> welcome(welcome);
                case ServerFrame.Goaway goaway -> goaway(from, goaway);
                case ServerFrame.Pong _ -> from.ponged();
                case ServerFrame.Recall _ -> {} // Nobody recalls a message of a load test.
                case ServerFrame.Reset _ -> {} // Of broadcasts it expects none.
                case ServerFrame.Failure failure -> swarm.trouble(failure.message());
                case ServerFrame.Push push when push.log() != null -> {} // Somebody else's.
                case ServerFrame.Push push -> {
                    boolean ours = swarm.scan(PushScan.normalize(push));
                    push(push.position().millis(), push.position().sequence(), ours);
                }
            }
        } catch (InvalidInputException e) {
            swarm.ledger.unexpected++;
            swarm.trouble(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void passed(Link from) {
        if (ackDue) {
            ackDue = false;
            swarm.ack(from, broughtMillis, broughtSequence);
        }
    }

    @Override
    public void refused(int status, @Nullable String retryAfter) {
        swarm.connecting--;
        swarm.refused++;
        attempt = null;
        inVain = true;
        swarm.trouble("refused with HTTP " + status);
        unauthorized = (byte) (status == UNAUTHORIZED ? unauthorized + 1 : 0);
        if (unauthorized >= MAX_UNAUTHORIZED) {
            swarm.terminated++;
        } else {
            again(retryAfter);
        }
    }

    @Override
    public void failed(String why) {
        swarm.connecting--;
        attempt = null;
        inVain = true;
        brokenAt = swarm.now();
        swarm.trouble(why);
        again(null);
    }

    @Override
    public void ended(Link from, int code) {
        link = null;
        ackDue = false;
        if (welcomed) {
            swarm.connected--;
        }
        welcomed = false;
        if (swarm.isClosed()) {
            return;
        }
        if (movingOn) {
            movingOn = false;
            swarm.moved++;
            swarm.reconnect(this);
            return;
        }
        swarm.lost++;
        swarm.trouble("connection lost with code " + code);
        if (code == Link.NO_CODE) {
            brokenAt = swarm.now();
        }
        if (CloseReason.reconnectAfter(code) || isByGhost(code)) {
            attempts = swarm.now() - since > Swarm.SETTLED_MILLIS ? 0 : attempts;
            again(null);
        } else {
            swarm.terminated++;
        }
    }

    /** Pings after silence, gives up what does not answer. */
    void sweep(long now, long heartbeatMillis) {
        if (link == null) {
            if (attempt != null && now - since > Swarm.HANDSHAKE_MILLIS) {
                var _ = attempt.close();
            }
        } else if (link.pingedAt() != 0) {
            if (now - link.pingedAt() > heartbeatMillis * 3 / 2) {
                link.abort();
            }
        } else if (now - link.sentAt() >= heartbeatMillis - heartbeatMillis / Swarm.SWEEPS) {
            swarm.pings++;
            link.ping(now);
        }
    }

    void close() {
        if (link != null) {
            link.close(Link.NORMAL);
        } else if (attempt != null) {
            var _ = attempt.close();
        }
    }

    /** Whether what replaced us may have been ourselves, see docs/protocol.md. */
    private boolean isByGhost(int code) {
        if (code != CloseReason.REPLACED.code() || brokenAt == 0) {
            return false;
        }
        boolean recent = swarm.now() - brokenAt <= Swarm.GHOST_MILLIS;
        brokenAt = 0;
        return recent;
    }

    /**
     * After an attempt in vain the one behind that, else as was drawn: one may be gone for good.
     */
    void connectAgain(int drawn) {
        connect(inVain ? (server + 1) & Integer.MAX_VALUE : drawn);
    }

    private void again(@Nullable String retryAfter) {
        swarm.reconnect(this, retryAfter, attempts);
        attempts = (byte) Math.min(attempts + 1, Byte.MAX_VALUE);
    }

    private void welcome(ServerFrame.Welcome welcome) {
        swarm.heartbeat(welcome.heartbeat());
        unauthorized = 0;
        if (welcomed) {
            return;
        }
        welcomed = true;
        swarm.connected++;
        if (!everWelcomed) {
            everWelcomed = true;
            swarm.everConnected++;
        }
    }

    private void goaway(Link from, ServerFrame.Goaway goaway) {
        movingOn = true;
        swarm.after(goaway.after(), () -> from.close(Link.NORMAL));
    }

    /**
     * @param ours whether the scan has read a message of this run
     */
    private void push(long atMillis, long atSequence, boolean ours) {
        ackDue = true;
        broughtMillis = atMillis;
        broughtSequence = atSequence;
        boolean isNew = atMillis > millis || (atMillis == millis && atSequence > sequence);
        if (!isNew) {
            swarm.repeats++;
            return;
        }
        millis = atMillis;
        sequence = atSequence;
        if (!ours) {
            swarm.ledger.unexpected++;
            return;
        }
        int message = swarm.scan.message;
        if (swarm.handed(number, message, newest)) {
            newest = Math.max(newest, message);
        }
    }
}
