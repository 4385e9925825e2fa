package io.pushgate.runtime.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;

/**
 * Commands for the time before the first connection: each answers at once with a failed future. A
 * proxy, as the interface has some hundred methods.
 */
final class RefusingCommands {
    private RefusingCommands() {}

    /**
     * @param reason asked at each command
     */
    @SuppressWarnings("unchecked")
    static RedisClusterAsyncCommands<byte[], byte[]> because(Supplier<String> reason) {
        InvocationHandler handler =
                (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "toString" -> "RefusingCommands";
                            case "hashCode" -> System.identityHashCode(proxy);
                            case "equals" ->
                                    System.identityHashCode(proxy)
                                            == System.identityHashCode(arguments[0]);
                            default -> refuse(method, new RedisUnavailableException(reason.get()));
                        };
        return (RedisClusterAsyncCommands<byte[], byte[]>)
                Proxy.newProxyInstance(
                        RefusingCommands.class.getClassLoader(),
                        new Class<?>[] {RedisClusterAsyncCommands.class},
                        handler);
    }

    @SuppressWarnings(
            "FutureReturnValueIgnored") // It is returned: a proxy's handler has no other type than
    // Object.
    private static Object refuse(Method method, RedisUnavailableException refusal) {
        if (!RedisFuture.class.isAssignableFrom(method.getReturnType())) {
            throw refusal;
        }
        return failed(refusal);
    }

    private static AsyncCommand<byte[], byte[], Object> failed(RedisUnavailableException refusal) {
        AsyncCommand<byte[], byte[], Object> command =
                new AsyncCommand<>(new Command<>(CommandType.PING, null));
        command.completeExceptionally(refusal);
        return command;
    }
}
