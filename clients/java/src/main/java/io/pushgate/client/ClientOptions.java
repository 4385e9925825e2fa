package io.pushgate.client;

import io.netty.handler.ssl.SslContext;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a connection is made with; shared by all connections of a client. */
record ClientOptions(
        List<Endpoint> endpoints,
        Supplier<String> tokens,
        String clientVersion,
        @Nullable SslContext tls,
        Duration heartbeatGrace,
        LongSupplier ticker) {

    long now() {
        return ticker.getAsLong();
    }
}
