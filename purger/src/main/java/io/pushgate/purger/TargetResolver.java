package io.pushgate.purger;

import io.pushgate.mailbox.Audience;
import io.pushgate.mailbox.AudienceCursor;
import io.pushgate.mailbox.AudiencePage;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.UserDevice;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Target;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Finds the devices that requests address, and decides how each request gets to them. */
final class TargetResolver {
    /** How a request gets to its devices. */
    sealed interface Resolution {
        /** Offered at once, with the record of the request: a chunk at most. */
        record Devices(List<DeviceKey> devices) implements Resolution {}

        /** All who follow a broadcast log. */
        record Log(LogKey log) implements Resolution {}

        /** More than a chunk: put on {@code push.expansions} and offered chunk by chunk. */
        record Expand() implements Resolution {}

        /** Nobody is addressed; {@code reason} is for people. */
        record Nobody(String reason) implements Resolution {}
    }

    /** A user of an app. */
    record UserKey(String app, String user) {}

    /** An audience as a request addresses it. */
    record AudienceKey(Audience audience, Set<String> platforms) {}

    /**
     * What an audience turned out to be.
     *
     * @param size of the whole, whatever the platforms asked for
     * @param devices those of the platforms asked for, if the whole is a chunk at most; else empty
     */
    record Crowd(long size, List<String> devices) {}

    /** One message to one group. */
    record GroupMessage(String app, String id, String group) {}

    /**
     * What the requests of a poll address.
     *
     * @param byLog messages that go through the log of their group
     */
    record Found(
            Map<UserKey, List<UserDevice>> users,
            Map<AudienceKey, Crowd> crowds,
            Set<GroupMessage> byLog) {
        /** Nothing was asked for. */
        static final Found NOTHING = new Found(Map.of(), Map.of(), Set.of());
    }

    private final Mailbox mailbox;
    private final int chunk;
    private final int groupLogAbove;

    /**
     * @param chunk devices that are offered with the record of their request, at most
     * @param groupLogAbove a group of more devices than that has a broadcast log
     */
    TargetResolver(Mailbox mailbox, int chunk, int groupLogAbove) {
        this.mailbox = mailbox;
        this.chunk = chunk;
        this.groupLogAbove = groupLogAbove;
    }

    /** Whether {@link #lookUp} has anything to ask. */
    static boolean needsLookUp(List<Intake.Valid> requests) {
        return requests.stream().map(Intake.Valid::request).anyMatch(TargetResolver::needsLookUp);
    }

    private static boolean needsLookUp(PushRequest request) {
        return switch (request.to()) {
            case Target.Device _, Target.Devices _ -> false;
            case Target.User _, Target.Group _ -> true;
            case Target.All _ -> !fitsLog(request);
        };
    }

    /**
     * A log has no place where one message gives way to another, as an inbox has, and none to take
     * it back from each device but one.
     */
    private static boolean fitsLog(PushRequest request) {
        return request.collapse() == null && request.cancelOn() == null;
    }

    /** The audience that the request addresses as a whole. */
    static Audience audience(String app, Target target) {
        return switch (target) {
            case Target.Group t -> new Audience.Group(app, t.group());
            case Target.All t -> new Audience.App(app);
            case Target.Device t -> throw new IllegalArgumentException("no audience: " + t);
            case Target.Devices t -> throw new IllegalArgumentException("no audience: " + t);
            case Target.User t -> throw new IllegalArgumentException("no audience: " + t);
        };
    }

    /**
     * Asks for every user and audience that the requests address, all at once: two round trips, or
     * four where there are small audiences, and one more where there are groups. Fails as a whole
     * where one look-up does.
     */
    CompletionStage<Found> lookUp(List<Intake.Valid> requests) {
        Map<UserKey, CompletableFuture<List<UserDevice>>> users = new HashMap<>();
        Map<AudienceKey, CompletableFuture<Crowd>> crowds = new HashMap<>();
        for (Intake.Valid valid : requests) {
            String app = valid.request().app();
            switch (valid.request().to()) {
                case Target.Device _, Target.Devices _ -> {}
                case Target.User t ->
                        users.computeIfAbsent(
                                new UserKey(app, t.user()),
                                key -> mailbox.devicesOf(app, key.user()).toCompletableFuture());
                case Target.Group t -> crowds.computeIfAbsent(key(app, t), this::crowd);
                case Target.All _ when fitsLog(valid.request()) -> {}
                case Target.All t -> crowds.computeIfAbsent(key(app, t), this::crowd);
            }
        }
        return all(users)
                .thenCombine(all(crowds), (known, sized) -> new Found(known, sized, Set.of()))
                .thenCompose(found -> ways(requests, found));
    }

    /**
     * A message that comes again goes the way it went, though its group may have grown or shrunk.
     */
    private CompletionStage<Found> ways(List<Intake.Valid> requests, Found found) {
        Map<GroupMessage, CompletableFuture<Boolean>> ways = new HashMap<>();
        for (Intake.Valid valid : requests) {
            PushRequest request = valid.request();
            if (request.to() instanceof Target.Group t && fitsLog(request)) {
                long size = crowd(request.app(), t, found).size();
                if (size > 0) {
                    ways.computeIfAbsent(
                            new GroupMessage(request.app(), request.id(), t.group()),
                            one -> way(one, size > groupLogAbove));
                }
            }
        }
        return all(ways)
                .thenApply(
                        byLog -> {
                            byLog.values().removeIf(goes -> !goes);
                            return new Found(found.users(), found.crowds(), byLog.keySet());
                        });
    }

    private CompletableFuture<Boolean> way(GroupMessage one, boolean byLog) {
        return mailbox.messages()
                .goesByLog(one.app(), one.id(), one.group(), byLog)
                .toCompletableFuture();
    }

    private static AudienceKey key(String app, Target target) {
        return new AudienceKey(audience(app, target), target.platforms());
    }

    private CompletableFuture<Crowd> crowd(AudienceKey key) {
        return mailbox.groups()
                .size(key.audience())
                .thenCompose(
                        size ->
                                size == 0 || size > chunk
                                        ? CompletableFuture.completedFuture(
                                                new Crowd(size, List.of()))
                                        : members(key, size))
                .toCompletableFuture();
    }

    private CompletionStage<Crowd> members(AudienceKey key, long size) {
        return mailbox.groups()
                .page(key.audience(), key.platforms(), AudienceCursor.START, chunk)
                .thenApply(page -> crowd(size, page));
    }

    /** One that grew beyond a chunk since it was counted is a large one. */
    private Crowd crowd(long size, AudiencePage page) {
        return page.more() ? new Crowd(chunk + 1L, List.of()) : new Crowd(size, page.devices());
    }

    private static <K, V> CompletableFuture<Map<K, V>> all(Map<K, CompletableFuture<V>> lookups) {
        return CompletableFuture.allOf(lookups.values().toArray(CompletableFuture[]::new))
                .thenApply(
                        _ -> {
                            Map<K, V> found = new HashMap<>();
                            lookups.forEach((key, lookup) -> found.put(key, lookup.join()));
                            return found;
                        });
    }

    /**
     * How one request gets to its devices; those that it names keep their order.
     *
     * @param found at least what the request addresses, see {@link #lookUp}
     */
    Resolution resolve(PushRequest request, Found found) {
        return resolve(request, found, chunk);
    }

    static Resolution resolve(PushRequest request, Found found, int chunk) {
        String app = request.app();
        return switch (request.to()) {
            case Target.Device t -> atOnce(app, List.of(t.device()));
            case Target.Devices t -> devices(app, t.devices(), chunk);
            case Target.User t ->
                    ofUser(
                            app,
                            t.platforms(),
                            found.users().getOrDefault(new UserKey(app, t.user()), List.of()));
            case Target.Group t
                    when found.byLog().contains(new GroupMessage(app, request.id(), t.group())) ->
                    new Resolution.Log(LogKey.group(app, t.group()));
            case Target.Group t ->
                    ofCrowd(
                            app,
                            crowd(app, t, found),
                            chunk,
                            "no such group or empty",
                            "the group");
            case Target.All _ when fitsLog(request) -> new Resolution.Log(LogKey.all(app));
            case Target.All t ->
                    ofCrowd(app, crowd(app, t, found), chunk, "the app has no devices", "the app");
        };
    }

    private static Crowd crowd(String app, Target target, Found found) {
        return found.crowds().getOrDefault(key(app, target), new Crowd(0, List.of()));
    }

    private static Resolution ofCrowd(
            String app, Crowd crowd, int chunk, String whenEmpty, String subject) {
        if (crowd.size() == 0) {
            return new Resolution.Nobody(whenEmpty);
        }
        if (crowd.size() > chunk) {
            return new Resolution.Expand();
        }
        return crowd.devices().isEmpty()
                ? new Resolution.Nobody(subject + " has no device of the platforms asked for")
                : atOnce(app, crowd.devices());
    }

    private static Resolution ofUser(String app, Set<String> platforms, List<UserDevice> known) {
        if (known.isEmpty()) {
            return new Resolution.Nobody("no such user");
        }
        List<String> wanted =
                known.stream()
                        .filter(d -> platforms.isEmpty() || platforms.contains(d.platform()))
                        .map(UserDevice::device)
                        .toList();
        return wanted.isEmpty()
                ? new Resolution.Nobody("the user has no device of the platforms asked for")
                : atOnce(app, wanted); // a hundred at most
    }

    private static Resolution devices(String app, List<String> names, int chunk) {
        return names.size() > chunk ? new Resolution.Expand() : atOnce(app, names);
    }

    private static Resolution atOnce(String app, List<String> names) {
        return new Resolution.Devices(
                names.stream().map(device -> new DeviceKey(app, device)).toList());
    }
}
