package io.pushgate.console.webhook;

import io.pushgate.mailbox.RoleContext;
import io.pushgate.mailbox.ToldEnds;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Health.Check;
import io.pushgate.runtime.kafka.ConsumerLoop;
import io.pushgate.runtime.kafka.ConsumerLoopConfig;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/** The webhook of one app, shared by all consoles: a consumer group of its own and an endpoint. */
public final class Webhook implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Webhook.class);
    private static final Backoff RETRIES =
            new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));

    private final String app;
    private final Breaker breaker;
    private final Endpoint endpoint;
    private final ConsumerLoop loop;

    public Webhook(WebhookConfig config, RoleContext context) {
        this.app = config.app();
        this.breaker = new Breaker(RETRIES);
        this.endpoint = new Endpoint(config, context.redis().clock());
        String name = "pushgate-webhook-" + config.app();
        this.loop =
                new ConsumerLoop(
                        ConsumerLoopConfig.of(
                                Topics.RECEIPTS, name, context.nodeId() + "-webhook-" + app),
                        context.kafka(),
                        new WebhookHandler(
                                config,
                                endpoint,
                                breaker,
                                new ToldEnds(context.redis()),
                                context.ticker(),
                                context.registry()),
                        context.registry());
    }

    public void start() {
        loop.start();
    }

    /** Whether its endpoint has failed so often that it is only asked now and then. */
    public boolean isLeftAlone() {
        return breaker.isOpen();
    }

    /** Of its consumer; an endpoint that is away does not make this process unready. */
    public Check health() {
        return loop.health();
    }

    /** Finishes the call it is at, if the endpoint answers. */
    public void drain(Deadline deadline) throws InterruptedException {
        // An endpoint that is away would be waited for until the deadline, for nothing.
        if (breaker.isOpen() || !loop.drain(deadline)) {
            log.info("the webhook of app {} goes on where it is at the next start", app);
        }
    }

    @Override
    public void close() {
        loop.close();
        endpoint.close();
    }
}
