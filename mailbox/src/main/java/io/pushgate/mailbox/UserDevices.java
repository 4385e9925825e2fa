package io.pushgate.mailbox;

import io.lettuce.core.ScriptOutputType;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Names;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The devices of users. The set of a user lies in another shard than its devices, so it can't
 * change with them: it is an index, and each device's own record says whom it belongs to. What the
 * index holds too much is left out on reading.
 */
final class UserDevices {
    /** Devices of a user; of more the least recently seen ones go. */
    static final int MAX_DEVICES = 100;

    private static final LuaScript ADD = LuaScript.load(UserDevices.class, "user-add.lua");

    private final RedisConnection redis;
    private final Shards shards;
    private final Decoder decoder;
    private final RedisReads reads;
    private final LongSupplier shiftMillis;

    UserDevices(RedisConnection redis, Shards shards, Decoder decoder, LongSupplier shiftMillis) {
        this.redis = redis;
        this.shards = shards;
        this.decoder = decoder;
        this.reads = new RedisReads(redis);
        this.shiftMillis = shiftMillis;
    }

    /** Completes with how many devices had to go for it. */
    CompletionStage<Long> add(DeviceKey device, String user, String platform) {
        return ADD.<Long>run(
                redis,
                ScriptOutputType.INTEGER,
                new byte[][] {shards.user(device.app(), user)},
                Bytes.of(shiftMillis.getAsLong()),
                Bytes.of(device.device()),
                Bytes.of(platform),
                Bytes.of(MAX_DEVICES),
                Bytes.of(Lifetimes.USER.toMillis()));
    }

    CompletionStage<Long> remove(DeviceKey device, String user) {
        return reads.removeField(shards.user(device.app(), user), device.device());
    }

    /** Those that belong to the user now, in no particular order. */
    CompletionStage<List<UserDevice>> list(String app, String user) {
        return reads.fields(shards.user(app, user)).thenCompose(index -> check(app, user, index));
    }

    private CompletionStage<List<UserDevice>> check(
            String app, String user, Map<byte[], byte[]> index) {
        List<CompletableFuture<@Nullable UserDevice>> checks = new ArrayList<>(index.size());
        for (byte[] field : index.keySet()) {
            String name = Bytes.text(field);
            if (Names.isAddress(name)) {
                checks.add(check(new DeviceKey(app, name), user).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(checks.toArray(CompletableFuture[]::new))
                .thenApply(
                        _ ->
                                checks.stream()
                                        .map(CompletableFuture::join)
                                        .filter(Objects::nonNull)
                                        .toList());
    }

    private CompletionStage<@Nullable UserDevice> check(DeviceKey device, String user) {
        return reads.field(shards.devices(shards.of(device)), device.toString())
                .thenApply(text -> belonging(device, user, decoder.device(text)));
    }

    private static @Nullable UserDevice belonging(
            DeviceKey device, String user, @Nullable StoredDevice stored) {
        return stored != null && user.equals(stored.user())
                ? new UserDevice(device.device(), stored.platform())
                : null;
    }
}
