package io.pushgate.mailbox;

import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;
import io.pushgate.protocol.Target;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Takes a message back from the devices of its targets, a page of them after the other: out of the
 * inbox in Redis, and where the device is connected also by word to its node, which sends nothing
 * any more or says {@code recall} on the socket. That word may be lost; then the app of a device
 * that had the message on its way gets it although its receipt says {@code recalled}, as it may if
 * the word comes too late. Any thread, nothing blocks.
 */
final class Withdrawals {
    /** Devices asked at once. */
    static final int PAGE = 500;

    private static final Logger log = LoggerFactory.getLogger(Withdrawals.class);

    private final Mailbox mailbox;
    private final NodeBus bus;

    Withdrawals(Mailbox mailbox, NodeBus bus) {
        this.mailbox = mailbox;
        this.bus = bus;
    }

    /**
     * What to take back.
     *
     * @param search whether devices may have forgotten the id
     * @param except a device that keeps it, null for none
     */
    record Order(
            String app, String id, RecallScript.Why why, boolean search, @Nullable String except) {}

    /**
     * Takes the message back from each target.
     *
     * @param sink gets the results of each page before the next one is begun
     */
    CompletionStage<Void> run(
            Order order,
            List<Target> targets,
            Function<List<RecallResult>, CompletionStage<Void>> sink) {
        CompletionStage<Void> done = CompletableFuture.completedFuture(null);
        for (Target target : targets) {
            done = done.thenCompose(_ -> run(order, target, sink));
        }
        return done;
    }

    /** The same for one target: of a group or an app the devices that it has now. */
    CompletionStage<Void> run(
            Order order, Target target, Function<List<RecallResult>, CompletionStage<Void>> sink) {
        return switch (target) {
            case Target.Device to -> pages(order, List.of(to.device()), sink);
            case Target.Devices to -> pages(order, to.devices(), sink);
            case Target.User to ->
                    mailbox.devicesOf(order.app(), to.user())
                            .thenCompose(known -> pages(order, named(known, to.platforms()), sink));
            case Target.Group to ->
                    audience(
                            order,
                            new Audience.Group(order.app(), to.group()),
                            to.platforms(),
                            AudienceCursor.START,
                            sink);
            case Target.All to ->
                    audience(
                            order,
                            new Audience.App(order.app()),
                            to.platforms(),
                            AudienceCursor.START,
                            sink);
        };
    }

    private CompletionStage<Void> audience(
            Order order,
            Audience audience,
            Set<String> platforms,
            AudienceCursor from,
            Function<List<RecallResult>, CompletionStage<Void>> sink) {
        return mailbox.groups()
                .page(audience, platforms, from, PAGE)
                .thenCompose(
                        page -> {
                            CompletionStage<Void> done = pages(order, page.devices(), sink);
                            return page.more()
                                    ? done.thenCompose(
                                            _ ->
                                                    audience(
                                                            order,
                                                            audience,
                                                            platforms,
                                                            page.next(),
                                                            sink))
                                    : done;
                        });
    }

    private static List<String> named(List<UserDevice> known, Set<String> platforms) {
        return known.stream()
                .filter(device -> platforms.isEmpty() || platforms.contains(device.platform()))
                .map(UserDevice::device)
                .toList();
    }

    private CompletionStage<Void> pages(
            Order order,
            List<String> names,
            Function<List<RecallResult>, CompletionStage<Void>> sink) {
        List<DeviceKey> devices =
                names.stream()
                        .filter(name -> !name.equals(order.except()))
                        .map(name -> new DeviceKey(order.app(), name))
                        .toList();
        CompletionStage<Void> done = CompletableFuture.completedFuture(null);
        for (int from = 0; from < devices.size(); from += PAGE) {
            List<DeviceKey> page = devices.subList(from, Math.min(from + PAGE, devices.size()));
            done = done.thenCompose(_ -> page(order, page, sink));
        }
        return done;
    }

    private CompletionStage<Void> page(
            Order order,
            List<DeviceKey> page,
            Function<List<RecallResult>, CompletionStage<Void>> sink) {
        return mailbox.messages()
                .withdraw(page, order.id(), order.why(), order.search())
                .thenCompose(
                        results -> {
                            tell(order.id(), results);
                            return sink.apply(results);
                        });
    }

    private void tell(String id, List<RecallResult> results) {
        Map<String, List<NodeMessage.Timed>> byNode = new HashMap<>();
        for (RecallResult result : results) {
            if (result instanceof RecallResult.Withdrawn(var device, var position, var route, var _)
                    && route != null) {
                byNode.computeIfAbsent(route.node(), _ -> new ArrayList<>())
                        .add(timed(device, route, position, id));
            }
        }
        byNode.forEach(this::publish);
    }

    /** Tells a connected device alone, wherever it is by now. */
    void tell(DeviceKey device, Position position, String id) {
        mailbox.route(device)
                .whenComplete(
                        (route, failure) -> {
                            if (failure == null && route.isPresent()) {
                                publish(
                                        route.get().node(),
                                        List.of(timed(device, route.get(), position, id)));
                            }
                        });
    }

    private static NodeMessage.Timed timed(
            DeviceKey device, Route route, Position position, String id) {
        return new NodeMessage.Timed(
                new Delivery.Recall(device, route, position, id), StageTimes.NONE);
    }

    private void publish(String node, List<NodeMessage.Timed> recalls) {
        bus.publish(node, new NodeMessage.Batch("", recalls))
                .whenComplete(
                        (_, failure) -> {
                            if (failure != null) {
                                log.debug("{} recalls not told to {}", recalls.size(), node);
                            }
                        });
    }
}
