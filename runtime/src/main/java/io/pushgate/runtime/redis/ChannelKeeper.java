package io.pushgate.runtime.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps every wanted subscription on the server that serves its channel now.
 *
 * <p>Lettuce puts sharded subscriptions of a cluster back after a reconnect, but not after the
 * server took them away (failover, slot move); so each server gets a plain connection, and this
 * class compares wanted with actual: at each event, and once a second. Everything happens on its
 * one thread, but for messages, which go straight to their handler.
 */
final class ChannelKeeper implements ChannelLink.Events, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChannelKeeper.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
    private static final long RETRY_MIN_MS = 50;
    private static final long RETRY_MAX_MS = 1_000;

    private final RedisConnection redis;
    private final Map<String, ChannelSubscription> wanted;
    private final ScheduledExecutorService thread;

    /** By host and port; empty while connecting. */
    private final Map<String, Link> links = new HashMap<>();

    private boolean retryScheduled;
    private long retryMs = RETRY_MIN_MS;

    /** The connection to one server, once it is made. */
    private static final class Link {
        @Nullable ChannelLink open;
    }

    ChannelKeeper(RedisConnection redis, Map<String, ChannelSubscription> wanted) {
        this.redis = redis;
        this.wanted = wanted;
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("redis-channels").daemon().factory());
        long every = LOOK_EVERY.toMillis();
        var _ =
                thread.scheduleWithFixedDelay(
                        safely(this::tick), every, every, TimeUnit.MILLISECONDS);
        var _ = redis.backend().thenRun(this::look);
    }

    /** Brings actual in line with wanted soon; any thread. */
    void look() {
        run(this::place);
    }

    /** Gives up a subscription that is no longer wanted; any thread. */
    void leave(ChannelSubscription subscription) {
        run(() -> detach(subscription));
    }

    @Override
    public void message(String channel, byte[] message) {
        ChannelSubscription subscription = wanted.get(channel);
        if (subscription == null) {
            return;
        }
        try {
            subscription.handle(message);
        } catch (RuntimeException e) {
            redis.counters().handlerErrors.increment();
            log.warn("The handler of channel {} failed", channel, e);
        }
    }

    @Override
    public void ended(ChannelLink link, String channel) {
        run(
                () -> {
                    ChannelSubscription subscription = wanted.get(channel);
                    // While it isn't active yet this is the answer to an unsubscribe of its
                    // predecessor.
                    if (subscription != null
                            && subscription.isActive()
                            && subscription.link() == link) {
                        lose(subscription);
                        retry();
                    }
                });
    }

    @Override
    public void lost(ChannelLink link) {
        run(() -> drop(link));
    }

    /** Closes the connections, and waits for that a second at most. */
    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        run(
                () -> {
                    var _ = closeLinks().whenComplete((done, failure) -> closed.complete(null));
                });
        thread.shutdown();
        closed.completeOnTimeout(null, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private CompletableFuture<Void> closeLinks() {
        CompletableFuture<?>[] closing =
                links.values().stream()
                        .map(link -> link.open)
                        .filter(Objects::nonNull)
                        .map(ChannelLink::close)
                        .toArray(CompletableFuture[]::new);
        links.clear();
        return CompletableFuture.allOf(closing);
    }

    private void tick() {
        List<ChannelLink> used =
                wanted.values().stream()
                        .map(ChannelSubscription::link)
                        .filter(Objects::nonNull)
                        .toList();
        for (Link link : List.copyOf(links.values())) {
            ChannelLink open = link.open;
            if (open != null && !used.contains(open)) {
                links.values().remove(link);
                var _ = open.close();
            } else if (open != null) {
                probe(open);
            }
        }
        place();
    }

    /** A half-open connection shows in a ping that is not answered, long before TCP gives up. */
    private void probe(ChannelLink link) {
        link.ping()
                .whenComplete(
                        (pong, failure) -> {
                            if (failure != null) {
                                lost(link);
                            }
                        });
    }

    private void place() {
        RedisBackend backend = redis.reached();
        if (backend != null) {
            wanted.values().forEach(subscription -> place(backend, subscription));
        }
    }

    private void place(RedisBackend backend, ChannelSubscription subscription) {
        RedisURI node = backend.nodeOf(subscription.name());
        if (node == null) {
            retry();
            return;
        }
        ChannelLink link = linkTo(node, backend.facts().hasShardedPubSub());
        if (link == null || subscription.link() == link) {
            return;
        }
        detach(subscription);
        subscription.asked(link);
        link.subscribe(subscription.channel())
                .whenComplete((done, failure) -> run(() -> answered(subscription, link, failure)));
    }

    private void answered(
            ChannelSubscription subscription, ChannelLink link, @Nullable Throwable failure) {
        if (subscription.link() != link) {
            return;
        }
        if (failure != null) {
            log.debug("Not subscribed to {}: {}", subscription.channel(), failure.toString());
            subscription.lost();
            retry();
        } else if (!subscription.isActive()) {
            subscription.confirmed();
            retryMs = RETRY_MIN_MS;
            redis.counters().subscriptions.incrementAndGet();
        }
    }

    private @Nullable ChannelLink linkTo(RedisURI node, boolean sharded) {
        String key = node.getHost() + ":" + node.getPort();
        Link known = links.get(key);
        if (known != null) {
            ChannelLink open = known.open;
            if (open == null || open.isOpen()) {
                return open;
            }
            drop(open);
        }
        Link made = new Link();
        links.put(key, made);
        redis.connectChannels(node)
                .whenComplete(
                        (connection, failure) ->
                                run(() -> connected(key, made, connection, sharded)));
        return null;
    }

    private void connected(
            String key,
            Link made,
            @Nullable StatefulRedisPubSubConnection<String, byte[]> connection,
            boolean sharded) {
        if (connection == null) {
            links.remove(key, made);
            retry();
            return;
        }
        made.open = new ChannelLink(connection, sharded, this);
        place();
    }

    private void drop(ChannelLink link) {
        links.values().removeIf(known -> known.open == link);
        var _ = link.close();
        for (ChannelSubscription subscription : wanted.values()) {
            if (subscription.link() == link) {
                lose(subscription);
            }
        }
        retry();
    }

    private void lose(ChannelSubscription subscription) {
        if (subscription.isActive()) {
            redis.counters().subscriptions.decrementAndGet();
            redis.counters().subscriptionsLost.increment();
            log.info("Lost the subscription to {}, making it again", subscription.channel());
        }
        subscription.lost();
    }

    private void detach(ChannelSubscription subscription) {
        ChannelLink link = subscription.link();
        if (link != null && link.isOpen()) {
            link.unsubscribe(subscription.channel());
        }
        if (subscription.isActive()) {
            redis.counters().subscriptions.decrementAndGet();
        }
        subscription.lost();
    }

    /**
     * Asks who serves what now and tries again, ever more slowly; many reasons at once make one
     * try.
     */
    private void retry() {
        RedisBackend backend = redis.reached();
        if (retryScheduled || backend == null) {
            return;
        }
        retryScheduled = true;
        long delayMs = retryMs;
        retryMs = Math.min(RETRY_MAX_MS, 2 * retryMs);
        schedule(
                delayMs,
                () ->
                        backend.refreshTopology()
                                .whenComplete(
                                        (done, failure) ->
                                                run(
                                                        () -> {
                                                            retryScheduled = false;
                                                            place();
                                                        })));
    }

    private void schedule(long delayMs, Runnable task) {
        try {
            var _ = thread.schedule(safely(task), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            log.debug("Channels are closed");
        }
    }

    private void run(Runnable task) {
        try {
            thread.execute(safely(task));
        } catch (RejectedExecutionException closed) {
            log.debug("Channels are closed");
        }
    }

    /**
     * An exception would end the periodic look for good, and with it every subscription sooner or
     * later.
     */
    private static Runnable safely(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.error("Keeping the channels failed", e);
            }
        };
    }
}
