package io.pushgate.console.api;

import io.pushgate.console.http.Answer;
import io.pushgate.console.http.Call;
import io.pushgate.console.http.Problem;
import io.pushgate.console.http.ProblemType;
import io.pushgate.console.http.Replies;
import io.pushgate.mailbox.DeviceStatus;
import io.pushgate.mailbox.Entry;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.NodeBus;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.mailbox.Page;
import io.pushgate.mailbox.RecentMessages;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.NodeMessage;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.StageTimes;
import io.pushgate.runtime.Deadline;
import io.pushgate.runtime.Ticker;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** {@code /v1/devices/…}: how a device is, and ending its session. */
final class DevicesApi {
    private static final int MAX_WAITING = 20;
    private static final int MAX_RECENT = 20;

    /** How long a kick is waited for. */
    private static final Duration KICK_PATIENCE = Duration.ofSeconds(3);

    private static final long LOOK_EVERY_MILLIS = 50;

    // A channel may lose it and never says so; it names the session, so twice changes nothing.
    private static final int LOOKS_PER_ORDER = 10;

    private final Mailbox mailbox;
    private final NodeLeases leases;
    private final NodeBus bus;
    private final Ticker ticker;

    DevicesApi(Mailbox mailbox, NodeLeases leases, NodeBus bus, Ticker ticker) {
        this.mailbox = mailbox;
        this.leases = leases;
        this.bus = bus;
        this.ticker = ticker;
    }

    /** A message in the inbox; times in epoch milliseconds. */
    private record Waiting(String id, String position, long acceptedAt, long expiresAt) {}

    private record Recent(String id, long offeredAt, boolean waiting) {}

    /**
     * @param online whether it has a session at a node that lives
     * @param groups by its token and by the API, by name
     * @param backlog messages that wait
     * @param waiting the oldest of them
     * @param recent what it was offered today and yesterday, the newest first
     * @param recentPartly whether a day with very many was left out
     */
    private record Device(
            String app,
            String device,
            boolean online,
            @Nullable String node,
            @Nullable String session,
            @Nullable Long since,
            @Nullable Long lastSeen,
            @Nullable String platform,
            @Nullable String version,
            @Nullable String user,
            List<String> groups,
            long backlog,
            List<Waiting> waiting,
            List<Recent> recent,
            boolean recentPartly) {}

    private record Kicked(String app, String device, String node, String session, boolean closed) {}

    Answer get(Call call) throws Problem, InterruptedException {
        DeviceKey device = call.device();
        CompletionStage<DeviceStatus> asked = mailbox.status(device);
        CompletionStage<Page> inbox = mailbox.fetch(device, Position.NONE, MAX_WAITING);
        CompletionStage<RecentMessages> offered = mailbox.recent(device, MAX_RECENT);
        CompletionStage<List<String>> member = mailbox.groups().of(device);
        CompletionStage<List<NodeLease>> live = leases.live();
        DeviceStatus status = Replies.await(asked);
        Page page = Replies.await(inbox);
        RecentMessages recent = Replies.await(offered);
        List<String> groups = Replies.await(member);
        if (status.lastSeen() == 0
                && status.backlog() == 0
                && recent.messages().isEmpty()
                && groups.isEmpty()) {
            throw new Problem(
                    ProblemType.NO_SUCH_DEVICE,
                    "it has never connected, nothing was sent to it lately, and it is in no group");
        }
        Route route = status.route();
        boolean online =
                route != null
                        && Replies.await(live).stream()
                                .anyMatch(lease -> lease.id().equals(route.node()));
        List<Entry> entries = page.entries();
        return Answer.ok(
                new Device(
                        device.app(),
                        device.device(),
                        online,
                        route == null ? null : route.node(),
                        route == null ? null : route.sessionId(),
                        known(status.since()),
                        known(status.lastSeen()),
                        status.platform(),
                        status.version(),
                        status.user(),
                        groups.stream().sorted().toList(),
                        status.backlog(),
                        entries.stream().map(DevicesApi::waiting).toList(),
                        recent.messages().stream().map(one -> recent(one, entries, page)).toList(),
                        recent.partly()));
    }

    private static @Nullable Long known(long epochMillis) {
        return epochMillis == 0 ? null : epochMillis;
    }

    private static Waiting waiting(Entry entry) {
        return new Waiting(
                entry.message().id(),
                entry.position().toString(),
                entry.message().acceptedAt(),
                entry.message().expiresAt());
    }

    /** An inbox is in order: what lies behind the last of a page that goes on waits, too. */
    private static Recent recent(RecentMessages.Offered one, List<Entry> entries, Page page) {
        boolean listed = entries.stream().anyMatch(e -> e.position().equals(one.position()));
        boolean behind =
                page.more()
                        && !entries.isEmpty()
                        && one.position().isAfter(entries.getLast().position());
        return new Recent(one.id(), one.position().millis(), listed || behind);
    }

    Answer kick(Call call) throws Problem, InterruptedException {
        DeviceKey device = call.device();
        Optional<Route> current = Replies.await(mailbox.route(device));
        if (current.isEmpty()) {
            throw new Problem(ProblemType.NO_SESSION, "the device is not connected");
        }
        Route route = current.get();
        return Answer.ok(
                new Kicked(
                        device.app(),
                        device.device(),
                        route.node(),
                        route.sessionId(),
                        closed(device, route)));
    }

    private boolean closed(DeviceKey device, Route route) throws Problem, InterruptedException {
        Delivery.Disconnect order = new Delivery.Disconnect(device, route, CloseReason.KICKED);
        NodeMessage message =
                new NodeMessage.Batch("", List.of(new NodeMessage.Timed(order, StageTimes.NONE)));
        Deadline deadline = Deadline.in(KICK_PATIENCE, ticker);
        for (int look = 0; !deadline.expired(); look++) {
            if (look % LOOKS_PER_ORDER == 0) {
                Replies.await(bus.publish(route.node(), message));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            if (!Replies.await(mailbox.route(device)).equals(Optional.of(route))) {
                return true;
            }
        }
        return false;
    }
}
