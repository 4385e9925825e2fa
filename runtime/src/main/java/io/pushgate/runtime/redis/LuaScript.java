package io.pushgate.runtime.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A Lua script from a resource file, run by its digest; a server that doesn't know it (restarted,
 * flushed, failed over) gets its text. Immutable; any thread may call.
 */
public final class LuaScript {
    private final String name;
    private final byte[] text;
    private final String digest;

    private LuaScript(String name, byte[] text) {
        this.name = name;
        this.text = text;
        this.digest = sha1(text);
    }

    /**
     * Reads a script once, at class initialisation of its typed class.
     *
     * @param anchor the class beside which the resource lies
     * @throws IllegalArgumentException if there is no such resource
     */
    public static LuaScript load(Class<?> anchor, String resource) {
        return loadAll(anchor, resource);
    }

    /**
     * Reads a script that stands in several files, put one after the other: what scripts share
     * comes first, and the last file gives the name.
     *
     * @param anchor the class beside which the resources lie
     * @throws IllegalArgumentException if there is no such resource
     */
    public static LuaScript loadAll(Class<?> anchor, String... resources) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (String resource : resources) {
            text.writeBytes(read(anchor, resource));
            text.write('\n');
        }
        return new LuaScript(resources[resources.length - 1], text.toByteArray());
    }

    private static byte[] read(Class<?> anchor, String resource) {
        try (InputStream in = anchor.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException(
                        "no script " + resource + " beside " + anchor.getName());
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("can't read script " + resource, e);
        }
    }

    /**
     * Runs it on the server that holds its first key.
     *
     * @param type how to read the result: {@code MULTI} gives a {@code List<Object>} of {@code
     *     byte[]} and {@code Long}
     * @param keys KEYS, all of one hash slot in a cluster
     * @param args ARGV
     * @return the result, on a thread of Lettuce, which must not be blocked; or fails with a {@link
     *     RedisException}
     */
    public <T> CompletionStage<T> run(
            RedisConnection connection, ScriptOutputType type, byte[][] keys, byte[]... args) {
        return this.<T>run(connection.commands(), type, keys, args)
                .whenComplete(
                        (_, failure) -> {
                            if (failure instanceof RedisReadOnlyException) {
                                connection.demoted();
                            }
                        });
    }

    /** The same over a connection of the caller's choice. */
    public <T> CompletionStage<T> run(
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            ScriptOutputType type,
            byte[][] keys,
            byte[]... args) {
        try {
            return commands.<T>evalsha(digest, type, keys, args)
                    .exceptionallyCompose(
                            failure ->
                                    unwrap(failure) instanceof RedisNoScriptException
                                            ? commands.<T>eval(text, type, keys, args)
                                            : CompletableFuture.failedFuture(unwrap(failure)));
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The digest by which servers know it, as SCRIPT EXISTS takes it. */
    public String digest() {
        return digest;
    }

    @Override
    public String toString() {
        return name;
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private static String sha1(byte[] text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }
}
