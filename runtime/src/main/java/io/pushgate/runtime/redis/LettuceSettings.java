package io.pushgate.runtime.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.pushgate.runtime.config.RedisConfig;
import io.pushgate.runtime.config.RedisSecurity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How we use Lettuce: nothing queues without bound, nothing waits without end, reconnects are quick
 * and jittered.
 */
final class LettuceSettings {
    /** Commands sent and not answered, per server; beyond it a command fails at once. */
    static final int MAX_IN_FLIGHT = 32_768;

    /**
     * Commands that share a flush: Lettuce flushes each, and a system call for each would cost more
     * than the command does.
     */
    private static final int MAX_UNFLUSHED = 256;

    private static final Duration MAX_CONNECT_TIME = Duration.ofSeconds(3);
    private static final Duration MIN_SILENCE = Duration.ofSeconds(1);
    private static final Duration RECONNECT_MIN = Duration.ofMillis(20);
    private static final Duration RECONNECT_MAX = Duration.ofSeconds(1);
    private static final Duration PERIODIC_TOPOLOGY = Duration.ofSeconds(5);
    private static final Duration ADAPTIVE_TOPOLOGY = Duration.ofMillis(500);

    private LettuceSettings() {}

    /**
     * @throws IllegalArgumentException if one of them is no Redis URI, or a file can't be used; one
     *     line
     */
    static List<RedisURI> uris(RedisConfig config) {
        List<RedisURI> uris = withoutPassword(config);
        RedisSecurity security = config.security();
        security.check();
        if (security.hasPassword()) {
            if (config.uri().contains("@")) {
                throw new IllegalArgumentException(
                        "redis.uri and redis.security both give a password");
            }
            RedisCredentialsProvider asked =
                    RedisCredentialsProvider.from(() -> credentials(security));
            uris.forEach(uri -> uri.setCredentialsProvider(asked));
        }
        return uris;
    }

    private static RedisCredentials credentials(RedisSecurity security) {
        try {
            return RedisCredentials.just(security.user(), security.currentPassword());
        } catch (IllegalArgumentException e) {
            throw new RedisException(e.getMessage()); // a connect that failed, and is tried again
        }
    }

    private static List<RedisURI> withoutPassword(RedisConfig config) {
        String text = config.uri().strip();
        if (text.contains("-sentinel://")) {
            // The commas of this one separate Sentinels of the same primary.
            return List.of(sentinel(text, config));
        }
        List<RedisURI> uris =
                Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(uri -> !uri.isEmpty())
                        .map(uri -> parse(uri, config.timeout()))
                        .toList();
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("redis.uri is empty");
        }
        return uris;
    }

    private static RedisURI sentinel(String text, RedisConfig config) {
        RedisURI uri = parse(text, config.timeout());
        if (config.mode() == RedisConfig.Mode.CLUSTER) {
            throw new IllegalArgumentException(
                    "redis.uri names Sentinels, and redis.mode is cluster: it is one or the other");
        }
        uri.getSentinels().forEach(each -> each.setTimeout(config.timeout()));
        return uri;
    }

    static ClientResources resources(RedisConfig config) {
        Duration twice = config.timeout().multipliedBy(2);
        Duration silence = twice.compareTo(MIN_SILENCE) < 0 ? MIN_SILENCE : twice;
        int cores = Runtime.getRuntime().availableProcessors();
        return DefaultClientResources.builder()
                .ioThreadPoolSize(Math.clamp(cores, 2, 4))
                .computationThreadPoolSize(2)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .nettyCustomizer(
                        new NettyCustomizer() {
                            @Override
                            public void afterChannelInitialized(Channel channel) {
                                channel.pipeline()
                                        .addFirst(new StallGuard(silence))
                                        .addFirst(
                                                new FlushConsolidationHandler(MAX_UNFLUSHED, true));
                            }
                        })
                .reconnectDelay(
                        Delay.fullJitter(RECONNECT_MIN, RECONNECT_MAX, 50, TimeUnit.MILLISECONDS))
                .build();
    }

    static ClientOptions single(RedisConfig config) {
        return common(ClientOptions.builder(), config).build();
    }

    /** For connections whose owner makes a new one itself when they break. */
    static ClientOptions withoutReconnect(RedisConfig config) {
        return common(ClientOptions.builder(), config).autoReconnect(false).build();
    }

    static ClusterClientOptions cluster(RedisConfig config) {
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
        common(builder, config);
        return builder.topologyRefreshOptions(
                        ClusterTopologyRefreshOptions.builder()
                                .enablePeriodicRefresh(PERIODIC_TOPOLOGY)
                                .adaptiveRefreshTriggersTimeout(ADAPTIVE_TOPOLOGY)
                                .refreshTriggersReconnectAttempts(1)
                                .build())
                .build();
    }

    private static ClientOptions.Builder common(ClientOptions.Builder builder, RedisConfig config) {
        return builder.autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MAX_IN_FLIGHT)
                .timeoutOptions(TimeoutOptions.builder().fixedTimeout(config.timeout()).build())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .sslOptions(tls(config))
                .socketOptions(socket(config));
    }

    /** The file of authorities is read at each connect. */
    private static SslOptions tls(RedisConfig config) {
        SslOptions.Builder tls =
                SslOptions.builder().jdkSslProvider().handshakeTimeout(connectTime(config));
        Path ca = config.security().ca();
        if (ca != null) {
            tls.trustManager(ca.toFile());
        }
        return tls.build();
    }

    private static Duration connectTime(RedisConfig config) {
        return config.timeout().compareTo(MAX_CONNECT_TIME) < 0
                ? config.timeout()
                : MAX_CONNECT_TIME;
    }

    private static SocketOptions socket(RedisConfig config) {
        SocketOptions.Builder socket =
                SocketOptions.builder().connectTimeout(connectTime(config)).tcpNoDelay(true);
        // A server that vanished without a FIN is noticed in about 11 s when idle ...
        socket.keepAlive(
                KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(5))
                        .interval(Duration.ofSeconds(2))
                        .count(3)
                        .build());
        if (EpollProvider.isAvailable()) {
            // ... and in 10 s when something was sent; NIO has no option for it, there the pings
            // have to notice.
            socket.tcpUserTimeout(
                    TcpUserTimeoutOptions.builder()
                            .enable()
                            .tcpUserTimeout(Duration.ofSeconds(10))
                            .build());
        }
        return socket.build();
    }

    private static RedisURI parse(String text, Duration timeout) {
        try {
            RedisURI uri = RedisURI.create(text);
            uri.setTimeout(timeout);
            return uri;
        } catch (IllegalArgumentException e) {
            // The text may hold a password: it is not repeated here.
            throw new IllegalArgumentException(
                    "redis.uri is not a Redis URI such as redis://host:6379, rediss://user:password@host:6380"
                            + " or redis-sentinel://host1:26379,host2:26379/0#mymaster",
                    e);
        }
    }
}
