package io.pushgate.runtime.redis;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counted from the first moment on; a registry may come to read them later. */
final class RedisCounters {
    final LongAdder pingFailures = new LongAdder();
    final AtomicInteger subscriptions = new AtomicInteger();
    final LongAdder subscriptionsLost = new LongAdder();
    final LongAdder historyChanges = new LongAdder();
    final LongAdder unreplicated = new LongAdder();
    final LongAdder handlerErrors = new LongAdder();
}
