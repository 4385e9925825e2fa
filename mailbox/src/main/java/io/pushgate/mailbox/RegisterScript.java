package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Route;
import io.pushgate.runtime.redis.LuaScript;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** {@code register.lua}: a new session. */
final class RegisterScript {
    private static final LuaScript SCRIPT = MembershipScripts.load("register.lua");
    private static final int MAX_VERSION = 64;

    /**
     * @param userBefore whom the device belonged to before, null for nobody
     * @param trimmed messages that left the inbox
     * @param groupsRecord what the sets of its groups have to follow, empty for nothing
     */
    record Result(
            Registered registered,
            @Nullable String userBefore,
            long trimmed,
            String groupsRecord) {}

    private final ShardScripts scripts;
    private final Decoder decoder;

    RegisterScript(ShardScripts scripts, Decoder decoder) {
        this.scripts = scripts;
        this.decoder = decoder;
    }

    /**
     * @throws IllegalArgumentException if node or platform hold what separates the stored fields
     */
    CompletionStage<Result> run(Registration registration) {
        DeviceKey device = registration.device();
        int shard = scripts.shards().of(device);
        List<byte[]> args =
                List.of(
                        Bytes.of(device.toString()),
                        Bytes.of(field("node", registration.node())),
                        Bytes.of(field("platform", registration.platform())),
                        Bytes.of(cut(registration.version())),
                        orEmpty(registration.user()),
                        orEmpty(registration.lastMessageId()),
                        Bytes.of(
                                registration.groups().stream()
                                        .distinct()
                                        .sorted()
                                        .collect(Collectors.joining(","))),
                        Bytes.of(scripts.clocksDiffer()));
        return scripts.run(SCRIPT, shard, args)
                .thenApply(reply -> read(shard, registration.node(), reply));
    }

    private Result read(int shard, String node, Reply reply) {
        Route route = new Route(node, Long.parseLong(reply.text()));
        String tail = reply.text();
        Route replaced = decoder.route(reply.text());
        String userBefore = reply.text();
        long backlog = reply.number();
        long trimmed = reply.number();
        String groupsRecord = reply.text();
        List<String> apiGroups = StoredMembership.list(reply.text());
        Registered registered =
                new Registered(
                        route,
                        Decoder.position(tail),
                        replaced,
                        backlog,
                        apiGroups,
                        decoder.receipts(shard, reply));
        return new Result(
                registered, userBefore.isEmpty() ? null : userBefore, trimmed, groupsRecord);
    }

    private static String field(String name, String value) {
        if (value.indexOf('|') >= 0) {
            throw new IllegalArgumentException(name + " with a |: " + value);
        }
        return value;
    }

    private static String cut(String version) {
        return version.length() <= MAX_VERSION ? version : version.substring(0, MAX_VERSION);
    }

    private static byte[] orEmpty(@Nullable String value) {
        return value == null ? Bytes.EMPTY : Bytes.of(value);
    }
}
