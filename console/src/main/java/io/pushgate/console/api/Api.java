package io.pushgate.console.api;

import io.pushgate.console.ConsoleConfig;
import io.pushgate.console.http.Answer;
import io.pushgate.console.http.Route;
import io.pushgate.console.http.Route.Access;
import io.pushgate.mailbox.AppLimits;
import io.pushgate.mailbox.MessageIndex;
import io.pushgate.mailbox.Recall;
import io.pushgate.mailbox.ReceiptPublisher;
import io.pushgate.mailbox.RoleContext;
import io.pushgate.runtime.kafka.KafkaPublisher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The routes of the HTTP API, {@code openapi.json} beside this class describes them. */
public final class Api {
    private static final String DESCRIPTION = "openapi.json";
    private static final String GROUP_DEVICE = "/v1/groups/{app}/{group}/devices/{device}";

    private Api() {}

    /** Every route there is but those of the page. */
    public static List<Route> routes(
            ConsoleConfig config,
            RoleContext context,
            KafkaPublisher kafka,
            MessageIndex index,
            StatsHistory history) {
        PushApi push =
                new PushApi(
                        kafka,
                        new PushLimits(new AppLimits(context.redis()), config),
                        index,
                        config.publishTimeout(),
                        context.ticker(),
                        context.registry());
        MessagesApi messages =
                new MessagesApi(
                        context.mailbox(), context.leases(), index, context.redis().clock());
        RecallApi recall = new RecallApi(recall(context, kafka));
        DevicesApi devices =
                new DevicesApi(
                        context.mailbox(), context.leases(), context.bus(), context.ticker());
        GroupsApi groups = new GroupsApi(context.mailbox().groups());
        NodesApi nodes = new NodesApi(context.leases(), new SecureRandom());
        StatsApi stats = new StatsApi(history);
        Answer description = description();
        return List.of(
                new Route("POST", "/v1/push", Access.KEY, Set.of(), "application/json", push::push),
                Route.of("GET", "/v1/messages/{app}/{id}", Access.KEY, messages::get, "device"),
                Route.of("DELETE", "/v1/messages/{app}/{id}", Access.KEY, recall::recall),
                Route.of("GET", "/v1/devices/{app}/{device}", Access.KEY, devices::get),
                Route.of("DELETE", "/v1/devices/{app}/{device}/session", Access.KEY, devices::kick),
                Route.of(
                        "GET",
                        "/v1/groups/{app}/{group}",
                        Access.KEY,
                        groups::list,
                        "after",
                        "limit"),
                Route.of("PUT", GROUP_DEVICE, Access.KEY, groups::join),
                Route.of("DELETE", GROUP_DEVICE, Access.KEY, groups::leave),
                Route.of("GET", "/v1/nodes", Access.ADMIN, nodes::list),
                Route.of("GET", "/v1/nodes/assign", Access.KEY, nodes::assign),
                Route.of("GET", "/v1/stats", Access.KEY, stats::stats),
                Route.of("GET", "/v1/key", Access.KEY, stats::self),
                Route.of("GET", "/openapi.json", Access.PUBLIC, _ -> description));
    }

    private static Recall recall(RoleContext context, KafkaPublisher kafka) {
        ReceiptPublisher receipts =
                new ReceiptPublisher(kafka, context.mailbox(), context.bus(), context.registry());
        return new Recall(context.mailbox(), context.bus(), receipts);
    }

    private static Answer description() {
        try (InputStream in = Api.class.getResourceAsStream(DESCRIPTION)) {
            if (in == null) {
                throw new IllegalStateException(DESCRIPTION + " is not in the jar");
            }
            Map<String, String> headers = Map.of("Content-Type", "application/json");
            return new Answer(200, in.readAllBytes(), headers);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from the jar", e);
        }
    }
}
