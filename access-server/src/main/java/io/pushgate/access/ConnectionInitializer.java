package io.pushgate.access;

import com.github.benmanes.caffeine.cache.Interner;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.pushgate.access.auth.Claims;
import io.pushgate.protocol.DeviceKey;

import java.util.Map;

/**
 * The one place that says what stands in a connection's pipeline.
 *
 * <p>First what the {@link Entrance} puts there. In the handshake: {@code http-decoder, handshake}.
 * As a WebSocket: {@code frames} alone. There is no encoder: {@link WebSocketFrames} makes each
 * frame in one buffer.
 */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private final Map<?, LoopContext> loops;
    private final SessionContext sessions;
    private final HandshakeRules rules;
    private final OpenSockets sockets;
    private final Entrance entrance;
    private final ClientAddress addresses;

    /** Each app, platform and version once, while a session has it. */
    private final Interner<String> names = Interner.newWeakInterner();

    /**
     * @param loops by event loop
     * @param sockets told of each connection, first of all
     */
    ConnectionInitializer(
            Map<?, LoopContext> loops,
            SessionContext sessions,
            HandshakeRules rules,
            OpenSockets sockets,
            Entrance entrance) {
        this.loops = loops;
        this.sessions = sessions;
        this.rules = rules;
        this.sockets = sockets;
        this.entrance = entrance;
        this.addresses = new ClientAddress(sessions.config().proxies(), sessions.metrics());
    }

    @Override
    protected void initChannel(Channel channel) {
        if (!sockets.add(channel)) {
            sessions.metrics().refused("socket_cap");
            var _ = channel.close();
            return;
        }
        entrance.addTo(channel);
        RequestDecoder decoder = new RequestDecoder();
        channel.pipeline()
                .addLast(PipelineNames.HTTP_DECODER, decoder)
                .addLast(
                        PipelineNames.HANDSHAKE,
                        new HandshakeHandler(
                                rules,
                                decoder,
                                loop(channel).wheel(),
                                sessions.config().limits(),
                                sessions.metrics(),
                                addresses,
                                this::upgrade));
    }

    private void upgrade(Channel channel, Handshake.Accepted accepted) {
        try {
            Session session = session(channel, accepted);
            session.whenSettled(accepted.entered()::over);
            session.open();
        } catch (RuntimeException e) {
            accepted.entered().over();
            throw e;
        }
    }

    private Session session(Channel channel, Handshake.Accepted accepted) {
        LoopContext loop = loop(channel);
        Connection connection = new Connection(channel, loop);
        Session session =
                new Session(
                        sessions,
                        loop,
                        connection,
                        shared(accepted.claims()),
                        names.intern(accepted.version()),
                        accepted.lastMessageId(),
                        accepted.cursors());
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(
                PipelineNames.FRAMES,
                new FrameHandler(session, connection, session.lifeline(), sessions));
        pipeline.remove(PipelineNames.HTTP_DECODER);
        pipeline.remove(PipelineNames.HANDSHAKE);
        return session;
    }

    /** The claims, without copies of what other sessions hold as well. */
    private Claims shared(Claims claims) {
        DeviceKey device = claims.device();
        return new Claims(
                new DeviceKey(names.intern(device.app()), device.device()),
                names.intern(claims.platform()),
                claims.user(),
                claims.groups(),
                claims.expiresAt());
    }

    private LoopContext loop(Channel channel) {
        LoopContext loop = loops.get(channel.eventLoop());
        if (loop == null) {
            throw new IllegalStateException("a channel on a foreign event loop");
        }
        return loop;
    }
}
