package io.pushgate.standalone;

import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.NodeBus;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.Ticker;
import io.pushgate.runtime.redis.RedisChannels;
import io.pushgate.runtime.redis.RedisConnection;

import java.util.function.LongSupplier;

/** What the roles of one process share: one connection to Redis, and everything that uses it. */
public final class Connections implements AutoCloseable {
    private final RoleContext context;
    private final RedisChannels channels;

    private Connections(RoleContext context, RedisChannels channels) {
        this.context = context;
        this.channels = channels;
    }

    /**
     * Opens them; a Redis that is away is no failure here, it shows in the health.
     *
     * @param nodeId unique among all processes on the same Redis
     * @param time how the mailbox and the timers see it
     * @throws StartupException where redis.uri is none, or a file of redis.security can't be used
     */
    public static Connections open(
            PushgateConfig config, String nodeId, MeterRegistry registry, Time time)
            throws StartupException {
        RedisConnection redis;
        try {
            redis = RedisConnection.open(config.redis());
        } catch (IllegalArgumentException e) {
            throw new StartupException(Errors.reason(e), e);
        }
        redis.bindTo(registry);
        RedisChannels channels = new RedisChannels(redis);
        RoleContext context =
                new RoleContext(
                        nodeId,
                        redis,
                        new Mailbox(redis, config.mailbox(), registry, time.mailboxShift()),
                        new NodeLeases(redis, registry),
                        new NodeBus(channels, registry),
                        config.kafka(),
                        registry,
                        time.ticker());
        return new Connections(context, channels);
    }

    public RoleContext context() {
        return context;
    }

    @Override
    public void close() {
        channels.close();
        context.mailbox().close();
        context.redis().close();
    }

    /**
     * The clocks of a process.
     *
     * @param mailboxShift milliseconds by which the mailbox's scripts are ahead of Redis' own time
     */
    public record Time(Ticker ticker, LongSupplier mailboxShift) {
        public static final Time REAL = new Time(Ticker.system(), () -> 0);
    }
}
