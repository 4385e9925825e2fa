package io.pushgate.console;

import io.pushgate.console.api.Api;
import io.pushgate.console.api.ReceiptIndexer;
import io.pushgate.console.api.StatsHistory;
import io.pushgate.console.http.HttpServer;
import io.pushgate.console.http.HttpSettings;
import io.pushgate.console.http.KeyGate;
import io.pushgate.console.http.RequestRate;
import io.pushgate.console.http.Route;
import io.pushgate.console.http.Router;
import io.pushgate.console.page.Page;
import io.pushgate.console.webhook.Webhook;
import io.pushgate.console.webhook.WebhookConfig;
import io.pushgate.mailbox.ApiKeys;
import io.pushgate.mailbox.MessageIndex;
import io.pushgate.mailbox.ProcessReports;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.protocol.Topics;
import io.pushgate.runtime.Backoff;
import io.pushgate.runtime.Closer;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Health;
import io.pushgate.runtime.Health.Check;
import io.pushgate.runtime.Role;
import io.pushgate.runtime.StartupException;
import io.pushgate.runtime.kafka.ConsumerLoop;
import io.pushgate.runtime.kafka.ConsumerLoopConfig;
import io.pushgate.runtime.kafka.KafkaPublisher;
import io.pushgate.runtime.telemetry.Meters;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The role that people and business services reach by HTTP. Any number may run behind a balancer:
 * what they know is in Redis and Kafka.
 */
public final class Console implements Role {
    private static final Logger log = LoggerFactory.getLogger(Console.class);

    /** How much later people see a receipt at most, so that they cost Kafka and Redis little. */
    private static final Duration GATHER = Duration.ofMillis(250);

    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final ConsoleConfig config;
    private final RoleContext context;
    private final KafkaPublisher kafka;
    private final ConsumerLoop receipts;
    private final List<Webhook> webhooks;
    private final StatsHistory history;
    private final Router router;
    private final HttpServer server;
    private final Closer closer = new Closer();

    public Console(ConsoleConfig config, RoleContext context) {
        this.config = config;
        this.context = context;
        String client = context.nodeId() + "-console";
        this.kafka = new KafkaPublisher(context.kafka(), client, context.registry());
        MessageIndex index = new MessageIndex(context.redis());
        this.receipts =
                new ConsumerLoop(
                        ConsumerLoopConfig.of(Topics.RECEIPTS, config.receiptsGroup(), client)
                                .withGather(GATHER),
                        context.kafka(),
                        new ReceiptIndexer(index, BACKOFF, context.registry()),
                        context.registry());
        this.history =
                new StatsHistory(new ProcessReports(context.redis()), context.redis().clock());
        List<Route> routes = new ArrayList<>(Api.routes(config, context, kafka, index, history));
        routes.addAll(new Page().routes());
        this.router = new Router(routes);
        this.server =
                new HttpServer(
                        new HttpSettings(
                                config.host(),
                                config.port(),
                                config.maxConnections(),
                                config.maxRequests(),
                                config.maxBody(),
                                config.bodyDeadline(),
                                config.idle(),
                                config.tls()),
                        router,
                        new KeyGate(
                                new ApiKeys(context.redis(), context.redis().clock()),
                                config.keyCache(),
                                context.ticker()),
                        new RequestRate(config.requestsPerSecond(), context.ticker()),
                        context.ticker(),
                        context.registry());
        List<Webhook> hooks = new ArrayList<>();
        for (WebhookConfig webhook : config.webhooks()) {
            hooks.add(closer.add(new Webhook(webhook, context)));
        }
        this.webhooks = List.copyOf(hooks);
        Meters.gauge(
                context.registry(),
                ConsoleMeters.WEBHOOKS_OPEN,
                () -> webhooks.stream().filter(Webhook::isLeftAlone).count());
        closer.add(kafka);
        closer.add(receipts);
        closer.add(history);
        closer.add(server);
    }

    @Override
    public String name() {
        return "console";
    }

    /** The port of the API and the page, also where 0 was asked for. */
    public int port() {
        return server.port();
    }

    /** What it answers to. */
    public List<Route> routes() {
        return router.routes();
    }

    @Override
    public void start() throws StartupException {
        server.start();
        receipts.start();
        history.start();
        webhooks.forEach(Webhook::start);
        log.info(
                "{} serves {} on {}:{}",
                context.nodeId(),
                config.tls().enabled() ? "HTTPS" : "HTTP",
                config.host(),
                port());
    }

    @Override
    public Health health() {
        Check listens =
                server.isListening()
                        ? Check.ok("console", "on port " + port())
                        : Check.failing("console", "does not listen");
        List<Check> checks = new ArrayList<>();
        checks.add(listens);
        checks.add(receipts.health());
        checks.add(kafka.health());
        checks.add(context.redis().check());
        webhooks.forEach(webhook -> checks.add(webhook.health()));
        return Health.of(checks.toArray(Check[]::new));
    }

    /** Takes no more requests and answers those it has. */
    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        if (!server.drain(deadline)) {
            log.warn("not every HTTP request was answered in time");
        }
        if (!receipts.drain(deadline)) {
            log.warn("not every receipt was kept in time; they will be read again");
        }
        for (Webhook webhook : webhooks) {
            webhook.drain(deadline);
        }
    }

    @Override
    public void close() {
        closer.close();
    }
}
