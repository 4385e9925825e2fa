package io.pushgate.purger;

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

/** Finds the devices that requests address. */
final class TargetResolver {
    /** A user of an app. */
    record UserKey(String app, String user) {}

    /** What a request's target came to. */
    sealed interface Resolution {
        record Devices(List<DeviceKey> devices) implements Resolution {}

        /** All who follow a broadcast log. */
        record Log(LogKey log) implements Resolution {}

        /** Nobody is addressed; {@code reason} is for people. */
        record Nobody(String reason) implements Resolution {}
    }

    private final Mailbox mailbox;

    TargetResolver(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    /**
     * The devices of every user that the requests address: one pipelined round trip, none where no
     * request addresses a user. Fails as a whole where one look-up does.
     */
    CompletionStage<Map<UserKey, List<UserDevice>>> users(List<Intake.Valid> requests) {
        Map<UserKey, CompletableFuture<List<UserDevice>>> lookups = new HashMap<>();
        for (Intake.Valid valid : requests) {
            if (valid.request().to() instanceof Target.User target) {
                lookups.computeIfAbsent(
                        new UserKey(valid.request().app(), target.user()),
                        key -> mailbox.devicesOf(key.app(), key.user()).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(lookups.values().toArray(CompletableFuture[]::new))
                .thenApply(
                        ignored -> {
                            Map<UserKey, List<UserDevice>> found = new HashMap<>();
                            lookups.forEach((key, lookup) -> found.put(key, lookup.join()));
                            return found;
                        });
    }

    /**
     * The devices of one request, in the order in which it names them.
     *
     * @param users at least the user that the request addresses, see {@link #users}
     */
    static Resolution resolve(PushRequest request, Map<UserKey, List<UserDevice>> users) {
        String app = request.app();
        return switch (request.to()) {
            case Target.Device t -> devices(app, List.of(t.device()));
            case Target.Devices t -> devices(app, t.devices());
            case Target.User t ->
                    ofUser(
                            app,
                            t.platforms(),
                            users.getOrDefault(new UserKey(app, t.user()), List.of()));
            case Target.Group t -> new Resolution.Nobody("target group is not supported yet");
            case Target.All t -> new Resolution.Log(LogKey.all(app));
        };
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
                : devices(app, wanted);
    }

    private static Resolution devices(String app, List<String> names) {
        return new Resolution.Devices(
                names.stream().map(device -> new DeviceKey(app, device)).toList());
    }
}
