package io.pushgate.mailbox;

import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.runtime.redis.LuaScript;
import io.pushgate.runtime.redis.RedisConnection;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How far the expansions of requests to many devices are: {@code {xN}expansion:<name>}, a string
 * {@code offered at cursor}, or {@code offered done}, kept for two days from its last change, as
 * long as devices know a message id. Any thread.
 */
public final class Expansions {
    private static final LuaScript ADVANCE =
            LuaScript.load(Expansions.class, "expansion-advance.lua");

    private final RedisConnection redis;
    private final Shards shards;
    private final Decoder decoder;

    Expansions(RedisConnection redis, Shards shards, Decoder decoder) {
        this.redis = redis;
        this.shards = shards;
        this.decoder = decoder;
    }

    /**
     * @param name tells the expansion from every other one
     */
    public CompletionStage<Progress> progress(String name) {
        try {
            return redis.commands()
                    .get(shards.expansion(name))
                    .thenCompose(text -> read(name, text == null ? "" : Bytes.text(text)));
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Moves an expansion on, unless somebody else has.
     *
     * @return how far it is now: {@code to}, or what the other one made it
     */
    public CompletionStage<Progress> advance(String name, Progress from, Progress to) {
        return ADVANCE.<byte[]>run(
                        redis,
                        ScriptOutputType.VALUE,
                        new byte[][] {shards.expansion(name)},
                        Bytes.of(from.toString()),
                        Bytes.of(to.toString()),
                        Bytes.of(Lifetimes.SEEN.toMillis()))
                .thenCompose(text -> read(name, Bytes.text(text)));
    }

    /** Has it begin anew, as what it did may be lost; repeating it is harmless. */
    public CompletionStage<Long> restart(String name) {
        try {
            return redis.commands().del(shards.expansion(name));
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What can't be read goes, or no one could ever move it on. */
    private CompletionStage<Progress> read(String name, String text) {
        try {
            return CompletableFuture.completedFuture(Progress.parse(text));
        } catch (InvalidInputException e) {
            decoder.corrupt(MailboxError.CORRUPT_PROGRESS, e);
            return restart(name).thenApply(_ -> Progress.NONE);
        }
    }
}
