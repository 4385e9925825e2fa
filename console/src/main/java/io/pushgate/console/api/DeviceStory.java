package io.pushgate.console.api;

import io.pushgate.mailbox.DeviceStatus;
import io.pushgate.mailbox.Found;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.Topics;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Makes one story of what receipts, the mailbox and the trace tell of a message and a device.
 *
 * @param receipt the one that counts, null where none is kept
 * @param liveNodes access nodes whose lease has not run out
 * @param dueAt when the request is to be delivered, epoch milliseconds; 0 if that is not ahead
 * @param traced the steps that were kept of a traced message
 */
record DeviceStory(
        String device,
        @Nullable Receipt receipt,
        Found found,
        DeviceStatus status,
        Set<String> liveNodes,
        long dueAt,
        List<Timeline.Step> traced) {

    Timeline tell() {
        Receipt last = receipt;
        if (last != null && last.status().isFinal()) {
            return new Timeline(
                    device,
                    last.status().wireName(),
                    last.reason(),
                    last.at(),
                    attempts(last.attempt()),
                    position(),
                    null,
                    steps());
        }
        return switch (found) {
            case Found.Waiting waiting ->
                    new Timeline(
                            device,
                            "waiting",
                            whyWaiting(waiting),
                            waiting.position().millis(),
                            attempts(waiting.attempt()),
                            position(),
                            null,
                            steps());
            case Found.Gone gone when !gone.ended().isEmpty() ->
                    new Timeline(device, gone.ended(), null, null, null, position(), null, steps());
            case Found.Gone _ ->
                    new Timeline(
                            device,
                            "delivered",
                            null,
                            null,
                            null,
                            position(),
                            // Whatever else takes a message out of an inbox leaves word of it.
                            true,
                            steps());
            case Found.Unknown() ->
                    new Timeline(
                            device,
                            dueAt > 0 ? "scheduled" : "unknown",
                            dueAt > 0
                                    ? "to be delivered at " + Instant.ofEpochMilli(dueAt)
                                    : whyUnknown(),
                            null,
                            null,
                            null,
                            null,
                            steps());
        };
    }

    private String whyWaiting(Found.Waiting waiting) {
        Route route = waiting.route();
        if (route == null) {
            if (status.lastSeen() == 0) {
                return "no such device: it has never connected";
            }
            return "device offline since " + Instant.ofEpochMilli(status.lastSeen());
        }
        if (!liveNodes.contains(route.node())) {
            return "session at node %s, which does not answer any more".formatted(route.node());
        }
        return waiting.attempt() == 0
                ? "session at node %s, not acked yet".formatted(route.node())
                : "session at node %s unacked, attempt %d"
                        .formatted(route.node(), waiting.attempt());
    }

    private String whyUnknown() {
        return status.lastSeen() == 0 && status.backlog() == 0
                ? "no such device: it has never connected, and nothing waits for it"
                : "not offered to this device within the last 24 hours";
    }

    private @Nullable String position() {
        Position place = place();
        return place == null ? null : place.toString();
    }

    private static @Nullable Integer attempts(int attempt) {
        return attempt == 0 ? null : attempt;
    }

    private List<Timeline.Step> steps() {
        List<Timeline.Step> steps = new ArrayList<>();
        switch (found) {
            case Found.Waiting waiting -> accepted(steps, waiting.origin(), waiting.acceptedAt());
            case Found.Gone gone -> accepted(steps, gone.origin(), 0);
            case Found.Unknown() -> {}
        }
        steps.addAll(traced);
        boolean offerTraced = traced.stream().anyMatch(step -> step.step().equals("offered"));
        Position position = place();
        if (position != null && !offerTraced) {
            steps.add(
                    new Timeline.Step(position.millis(), "offered", null, "position " + position));
        }
        Receipt last = receipt;
        if (last != null && last.status() != Receipt.Status.ACCEPTED) {
            steps.add(new Timeline.Step(last.at(), last.status().wireName(), null, last.reason()));
        }
        steps.sort(
                Comparator.comparing(
                        Timeline.Step::at, Comparator.nullsFirst(Comparator.naturalOrder())));
        return List.copyOf(steps);
    }

    /** By a purger; the record in Kafka is older. */
    private static void accepted(List<Timeline.Step> steps, String origin, long at) {
        List<String> record = List.of(origin.split(":"));
        if (record.size() >= 2) {
            steps.add(
                    new Timeline.Step(
                            at == 0 ? null : at,
                            "accepted",
                            null,
                            "%spartition %s, offset %s"
                                    .formatted(
                                            record.size() == 2 ? "" : Topics.topicOf(origin) + ", ",
                                            record.get(record.size() - 2),
                                            record.getLast())));
        }
    }

    private @Nullable Position place() {
        return switch (found) {
            case Found.Waiting waiting -> waiting.position();
            case Found.Gone gone -> gone.position().equals(Position.NONE) ? null : gone.position();
            case Found.Unknown() -> null;
        };
    }
}
