package io.pushgate.access;

import io.pushgate.runtime.config.Default;
import io.pushgate.runtime.config.Doc;
import io.pushgate.runtime.config.DurationRange;
import io.pushgate.runtime.config.Range;
import io.pushgate.runtime.net.ProxyConfig;
import io.pushgate.runtime.tls.TlsConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The section {@code access} of the configuration. */
public record AccessConfig(
        @Doc("Address that devices connect to.") @Default("0.0.0.0") String host,
        @Doc("Port that devices connect to, 0 for any free one.")
                @Default("8080")
                @Range(min = 0, max = 65535)
                int port,
        @Doc(
                        "How sockets are driven: epoll or io_uring on Linux, nio anywhere; auto takes epoll where it works, else nio.")
                @Default("auto")
                Transport transport,
        @Doc("Threads that drive the connections, 0 for one a core.")
                @Default("0")
                @Range(min = 0, max = 256)
                int eventLoops,
        @Doc(
                        "Keys that sign device tokens, each kid:alg:value or kid@app:alg:value; a"
                                + " secret in base64 for HS256, a PEM file for RS256, ES256, EdDSA.")
                @Default("")
                List<String> keys,
        @Doc(
                        "JWKS file with more keys, each with kid and alg, with app where it may sign"
                                + " for that app only; read again when it changes.")
                @Nullable Path jwksFile,
        @Doc(
                        "Origins whose web pages may connect, * for any; clients that are no browser send none.")
                @Default("")
                List<String> originAllowed,
        @Doc(
                        "Address by which operators know this node, by default host and port. Where"
                                + " it is set devices have to reach the node by it, too: host:port"
                                + " or a ws:// or wss:// URL.")
                @Nullable String address,
        @Doc("Region of this node, shown to operators.") @Default("default") String region,
        @Doc("Silence after which a client pings; it is cut after one and a half times that.")
                @Default("30s")
                @DurationRange(min = "100ms", max = "1h")
                Duration heartbeat,
        @Doc("Messages sent to one device and not acked, at most.")
                @Default("64")
                @Range(min = 1, max = 1024)
                int window,
        @Doc("How long acks are gathered before they go to Redis.")
                @Default("20ms")
                @DurationRange(min = "1ms", max = "1s")
                Duration ackBatch,
        @Doc("After how long without a word this node counts as dead.")
                @Default("10s")
                @DurationRange(min = "1s", max = "5m")
                Duration leaseTtl,
        @Doc(
                        "Each session is compared with Redis this often: one that got lost there gets nothing"
                                + " until then.")
                @Default("10m")
                @DurationRange(min = "1s", max = "1d")
                Duration verifyEvery,
        @Doc("Time over which devices are asked to go elsewhere when the node shuts down.")
                @Default("10s")
                Duration goawaySpread,
        @Doc("Whether connects and disconnects of devices are told on the topic push.presence.")
                @Default("false")
                boolean presence,
        AccessBalance balance,
        AccessLimits limits,
        TlsConfig tls,
        ProxyConfig proxies,
        LogConfig logs) {

    /** The section {@code access.logs}: how broadcast logs are followed. */
    public record LogConfig(
            @Doc("Messages of a broadcast log kept in memory, at most; older ones come from Redis.")
                    @Default("1000")
                    @Range(min = 1, max = 100_000)
                    int tailMessages,
            @Doc("Bytes of a broadcast log kept in memory, at most.")
                    @Default("1048576")
                    @Range(min = 65_536, max = 1_073_741_824)
                    int tailBytes,
            @Doc("How often it is looked for broadcasts that went missing between Redis and here.")
                    @Default("2s")
                    @DurationRange(min = "10ms", max = "1m")
                    Duration check,
            @Doc("How long a device may leave broadcasts unacked before it is cut.")
                    @Default("155s")
                    @DurationRange(min = "100ms", max = "1h")
                    Duration ackWithin) {}

    /** How sockets are driven. */
    public enum Transport {
        AUTO,
        EPOLL,
        IO_URING,
        NIO
    }

    /**
     * The section {@code access.balance}: when a node has its devices connect to another one. Only
     * where {@code access.address} is set.
     */
    public record AccessBalance(
            @Doc(
                            "Per cent above the mean of the region's nodes from which on a node sheds"
                                    + " connections; it stops at a quarter of that.")
                    @Default("20")
                    @Range(min = 5, max = 1000)
                    int above,
            @Doc("A node with fewer connections sheds none.") @Default("1000") @Range(min = 1)
                    int minConnections,
            @Doc("Devices asked to go a second, at most; 0 for none ever.")
                    @Default("50")
                    @Range(min = 0, max = 10_000)
                    int rate,
            @Doc("How often nodes are compared; a device that came later than that ago stays.")
                    @Default("30s")
                    @DurationRange(min = "100ms", max = "1h")
                    Duration every) {}

    /** The section {@code access.limits}: what one connection, and all of them, may take. */
    public record AccessLimits(
            @Doc(
                            "Connections at most, 0 for the limit of open files less a reserve of"
                                    + " 1000; more are refused with 503.")
                    @Default("0")
                    @Range(min = 0)
                    int maxConnections,
            @Doc("Handshakes a second at most, 0 for no limit; more are refused with 503.")
                    @Default("1000")
                    @Range(min = 0)
                    int acceptRate,
            @Doc(
                            "Handshakes in progress at most, each until Redis has its session; more"
                                    + " are refused with 503.")
                    @Default("1000")
                    @Range(min = 1)
                    int maxHandshakes,
            @Doc("Bytes of a client's frame, and of a message made of fragments, at most.")
                    @Default("4096")
                    @Range(min = 125, max = 4096)
                    int maxFrame,
            @Doc("By when the head of the handshake must be there, from the connect on.")
                    @Default("10s")
                    @DurationRange(min = "10ms")
                    Duration headerDeadline,
            @Doc("By when a new connection must have sent its first byte.")
                    @Default("10s")
                    @DurationRange(min = "10ms")
                    Duration firstLife,
            @Doc("How long a device may leave its socket full before it is cut.")
                    @Default("30s")
                    @DurationRange(min = "10ms")
                    Duration slowAfter,
            @Doc("How long a message made of fragments may take to arrive.")
                    @Default("10s")
                    @DurationRange(min = "10ms")
                    Duration fragmentDeadline,
            @Doc("Bytes of the kernel's send buffer of a connection.")
                    @Default("65536")
                    @Range(min = 4096)
                    int sendBuffer) {}

    /** With another port. */
    public AccessConfig withPort(int newPort) {
        return new AccessConfig(
                host,
                newPort,
                transport,
                eventLoops,
                keys,
                jwksFile,
                originAllowed,
                address,
                region,
                heartbeat,
                window,
                ackBatch,
                leaseTtl,
                verifyEvery,
                goawaySpread,
                presence,
                balance,
                limits,
                tls,
                proxies,
                logs);
    }

    /** With another JWKS file, such as the development key's. */
    public AccessConfig withJwksFile(Path newJwksFile) {
        return new AccessConfig(
                host,
                port,
                transport,
                eventLoops,
                keys,
                newJwksFile,
                originAllowed,
                address,
                region,
                heartbeat,
                window,
                ackBatch,
                leaseTtl,
                verifyEvery,
                goawaySpread,
                presence,
                balance,
                limits,
                tls,
                proxies,
                logs);
    }
}
