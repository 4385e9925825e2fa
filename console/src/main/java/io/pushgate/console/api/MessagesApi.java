package io.pushgate.console.api;

import io.pushgate.console.http.Answer;
import io.pushgate.console.http.Call;
import io.pushgate.console.http.Problem;
import io.pushgate.console.http.ProblemType;
import io.pushgate.console.http.Replies;
import io.pushgate.mailbox.DeviceStatus;
import io.pushgate.mailbox.Found;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.MessageIndex;
import io.pushgate.mailbox.NodeLease;
import io.pushgate.mailbox.NodeLeases;
import io.pushgate.mailbox.Traces;
import io.pushgate.mailbox.UserDevice;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Receipt;
import io.pushgate.protocol.Target;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** {@code GET /v1/messages/{app}/{id}}: what became of a message, for each of its devices. */
final class MessagesApi {
    /** Devices told about in one answer; of further ones only how many there are. */
    static final int MAX_DEVICES = 100;

    /** Devices that a caller may name. */
    static final int MAX_NAMED = 20;

    private final Mailbox mailbox;
    private final NodeLeases leases;
    private final MessageIndex index;
    private final InstantSource clock;

    /**
     * @param clock Redis's
     */
    MessagesApi(Mailbox mailbox, NodeLeases leases, MessageIndex index, InstantSource clock) {
        this.mailbox = mailbox;
        this.leases = leases;
        this.index = index;
        this.clock = clock;
    }

    /**
     * Where the request is in Kafka.
     *
     * @param at epoch milliseconds
     */
    private record Requested(int partition, long offset, long at, boolean receipt, boolean trace) {}

    /**
     * @param request null where the push did not come over HTTP within the last 24 hours
     * @param states how many devices are in which state, of those that receipts are kept of
     * @param devices the first {@value #MAX_DEVICES}, by name
     * @param more devices that are not among them
     */
    private record Message(
            String app,
            String id,
            @Nullable Requested request,
            Map<String, Integer> states,
            List<Timeline> devices,
            long more) {}

    private record Asked(CompletionStage<Found> found, CompletionStage<DeviceStatus> status) {}

    Answer get(Call call) throws Problem, InterruptedException {
        String app = call.app();
        String id = call.messageId();
        List<String> named = call.devices(MAX_NAMED);
        CompletionStage<List<Target>> noted = mailbox.messages().targets(app, id);
        MessageIndex.Known known = Replies.await(index.find(app, id));
        Set<Target> targets = new LinkedHashSet<>(Replies.await(noted));
        if (known.requested() != null) {
            // A purger may not have come to it yet.
            targets.add(known.requested().request().to());
        }
        if (named.isEmpty() && targets.isEmpty() && known.isEmpty()) {
            throw new Problem(
                    ProblemType.NO_SUCH_MESSAGE,
                    "no request with this id was taken within the last 24 hours; if it waits for"
                            + " longer, name a device with ?device=");
        }
        Set<String> devices = new TreeSet<>(named);
        devices.addAll(known.receipts().keySet());
        for (Target target : targets) {
            devices.addAll(addressed(app, target));
        }
        List<String> told = devices.stream().limit(MAX_DEVICES).toList();
        List<Timeline> timelines = timelines(app, id, told, known);
        if (targets.isEmpty()
                && known.isEmpty()
                && timelines.stream().allMatch(t -> t.state().equals("unknown"))) {
            throw new Problem(
                    ProblemType.NO_SUCH_MESSAGE,
                    "it was not offered to the named devices within the last 24 hours, and does not"
                            + " wait for them");
        }
        return Answer.ok(
                new Message(
                        app,
                        id,
                        requested(known),
                        states(known, timelines),
                        timelines,
                        devices.size() - told.size() + known.more()));
    }

    private Set<String> addressed(String app, Target target) throws Problem, InterruptedException {
        return switch (target) {
            case Target.Device to -> Set.of(to.device());
            case Target.Devices to -> Set.copyOf(to.devices());
            case Target.User to ->
                    Replies.await(mailbox.devicesOf(app, to.user())).stream()
                            .filter(
                                    device ->
                                            to.platforms().isEmpty()
                                                    || to.platforms().contains(device.platform()))
                            .map(UserDevice::device)
                            .collect(Collectors.toSet());
            // Who they are is known once their receipts come.
            case Target.Group _, Target.All _ -> Set.of();
        };
    }

    private List<Timeline> timelines(
            String app, String id, List<String> devices, MessageIndex.Known known)
            throws Problem, InterruptedException {
        CompletionStage<List<NodeLease>> leased = leases.live();
        CompletionStage<List<Traces.Step>> traced = mailbox.traces().of(app, id);
        Map<String, Asked> asked = new LinkedHashMap<>();
        for (String device : devices) {
            DeviceKey key = new DeviceKey(app, device);
            asked.put(device, new Asked(mailbox.find(key, id), mailbox.status(key)));
        }
        Set<String> live =
                Replies.await(leased).stream().map(NodeLease::id).collect(Collectors.toSet());
        List<Traces.Step> steps = Replies.await(traced);
        List<Timeline> timelines = new ArrayList<>();
        for (Map.Entry<String, Asked> one : asked.entrySet()) {
            DeviceStory story =
                    new DeviceStory(
                            one.getKey(),
                            known.receipts().get(one.getKey()),
                            Replies.await(one.getValue().found),
                            Replies.await(one.getValue().status),
                            live,
                            dueAt(known),
                            steps(steps, one.getKey()));
            timelines.add(story.tell());
        }
        return timelines;
    }

    private long dueAt(MessageIndex.Known known) {
        MessageIndex.Requested requested = known.requested();
        long at = requested == null ? 0 : requested.request().deliverAt();
        return at > clock.millis() ? at : 0;
    }

    private static List<Timeline.Step> steps(List<Traces.Step> all, String device) {
        return all.stream()
                .filter(step -> step.device().equals(device))
                .map(
                        step ->
                                new Timeline.Step(
                                        step.at(),
                                        step.kind(),
                                        step.node().isEmpty() ? null : step.node(),
                                        step.detail().isEmpty() ? null : step.detail()))
                .toList();
    }

    private static Map<String, Integer> states(MessageIndex.Known known, List<Timeline> told) {
        Map<String, Integer> states = new TreeMap<>();
        Set<String> done = told.stream().map(Timeline::device).collect(Collectors.toSet());
        told.forEach(timeline -> states.merge(timeline.state(), 1, Integer::sum));
        for (Receipt receipt : known.receipts().values()) {
            if (!done.contains(receipt.device())) {
                states.merge(receipt.status().wireName(), 1, Integer::sum);
            }
        }
        return states;
    }

    private static @Nullable Requested requested(MessageIndex.Known known) {
        MessageIndex.Requested requested = known.requested();
        return requested == null
                ? null
                : new Requested(
                        requested.partition(),
                        requested.offset(),
                        requested.at(),
                        requested.request().receipt(),
                        requested.request().trace());
    }
}
