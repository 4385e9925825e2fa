package io.pushgate.mailbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.lettuce.core.ScriptOutputType;
import io.micrometer.core.instrument.MeterRegistry;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;
import io.pushgate.runtime.telemetry.ErrorCounter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The access nodes that live. A node renews its lease every few seconds; one that stops is gone
 * from the list when its lease runs out, by the clock of Redis.
 *
 * <p>Keys, all under one hash tag: <code>{nodes}node:&lt;id&gt;</code>, the lease as JSON, which
 * Redis drops when it runs out; <code>{nodes}index</code>, a sorted set of node ids by when their
 * lease runs out, epoch milliseconds. Any thread may call; stages complete on Lettuce's threads.
 */
public final class NodeLeases {
    private static final Logger log = LoggerFactory.getLogger(NodeLeases.class);
    private static final LuaScript RENEW = LuaScript.load(NodeLeases.class, "lease-renew.lua");
    private static final LuaScript RELEASE = LuaScript.load(NodeLeases.class, "lease-release.lua");
    private static final LuaScript LIVE = LuaScript.load(NodeLeases.class, "lease-live.lua");
    private static final byte[] INDEX = Bytes.of("{nodes}index");

    private final RedisConnection redis;
    private final ErrorCounter errors;

    // Nodes of another version may know fields that this one doesn't.
    private final ObjectMapper json =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    public NodeLeases(RedisConnection redis, MeterRegistry registry) {
        this.redis = redis;
        this.errors = new ErrorCounter(registry, MailboxMeters.ROLE);
    }

    /**
     * Says that the node lives, for {@code ttl} from now.
     *
     * @param ttl at least a millisecond; several times the pause between renewals
     * @return whether the node's lease had not run out, by the clock of Redis; false for its first
     */
    public CompletionStage<Boolean> renew(NodeLease lease, Duration ttl) {
        byte[] value;
        try {
            value = json.writeValueAsBytes(lease);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("lease can't be written as JSON", e);
        }
        return RENEW.<Long>run(
                        redis,
                        ScriptOutputType.INTEGER,
                        keys(lease.id()),
                        Bytes.of(lease.id()),
                        value,
                        Bytes.of(ttl.toMillis()))
                .thenApply(held -> held == 1);
    }

    /** The nodes whose lease has not run out, in no particular order. */
    public CompletionStage<List<NodeLease>> live() {
        return LIVE.<List<Object>>run(redis, ScriptOutputType.MULTI, new byte[][] {INDEX})
                .thenApply(this::read);
    }

    /** Ends the node's lease at once; nothing happens if there is none. */
    public CompletionStage<Void> release(String id) {
        return RELEASE.<Long>run(redis, ScriptOutputType.INTEGER, keys(id), Bytes.of(id))
                .thenAccept(_ -> {});
    }

    private List<NodeLease> read(List<Object> values) {
        List<NodeLease> leases = new ArrayList<>(values.size());
        for (Object value : values) {
            try {
                leases.add(json.readValue((byte[]) value, NodeLease.class));
            } catch (IOException e) {
                errors.count(MailboxError.CORRUPT_LEASE);
                log.warn("lease of an access node left out: {}", e.getMessage());
            }
        }
        return leases;
    }

    private static byte[][] keys(String id) {
        return new byte[][] {INDEX, Bytes.of("{nodes}node:" + id)};
    }
}
