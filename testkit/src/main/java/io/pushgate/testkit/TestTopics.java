package io.pushgate.testkit;

import java.util.concurrent.atomic.AtomicInteger;

/** Names that no other test uses, so that tests can share one Kafka and one Redis. */
public final class TestTopics {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private TestTopics() {}

    /** {@code prefix-<pid>-<n>}: fit for topics, groups, apps, devices and channels. */
    public static String unique(String prefix) {
        return prefix + "-" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet();
    }
}
