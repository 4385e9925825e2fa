package io.pushgate.testkit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Fails a test class that lost a Netty buffer: {@code @ExtendWith(LeakCheck.class)}.
 *
 * <p>Netty reports a lost buffer by a log line, at the first allocation after the garbage collector
 * has found it. So this listens to that logger, collects garbage at the end, and allocates once
 * more. Every buffer is watched (paranoid).
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final int ROUNDS = 3;
    private static final long GC_TIMEOUT_MS = 5_000;

    /**
     * Where Lettuce makes the read buffer of a connection. It loses it when it is closed while the
     * connection is being made; that is no buffer of ours, and none that passes through our hands.
     */
    private static final String LETTUCES_OWN =
            "io.lettuce.core.protocol.CommandHandler.channelRegistered";

    private final Reports reports = new Reports();

    /** Event loops and tests log at the same time. */
    private static final class Reports extends AppenderBase<ILoggingEvent> {
        private final Queue<String> messages = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            messages.add(event.getFormattedMessage());
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        listen();
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        try {
            List<String> leaks = leaks();
            if (!leaks.isEmpty()) {
                throw new AssertionError(
                        leaks.size() + " leaked buffers:\n" + String.join("\n", leaks));
            }
        } finally {
            stopListening();
        }
    }

    void listen() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        reports.start();
        logger().addAppender(reports);
    }

    void stopListening() {
        logger().detachAppender(reports);
        reports.stop();
    }

    /** What has been reported up to now, after looking once more. */
    List<String> leaks() throws InterruptedException {
        for (int i = 0; i < ROUNDS; i++) {
            collectGarbage();
            ByteBufAllocator.DEFAULT.buffer(1).release();
        }
        return reports.messages.stream()
                .filter(message -> !message.contains(LETTUCES_OWN))
                .toList();
    }

    /** Returns when a full collection has happened and its references are queued. */
    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> canary = new PhantomReference<>(new Object(), queue);
        try {
            System.gc();
            if (queue.remove(GC_TIMEOUT_MS) == null) {
                throw new AssertionError(
                        "no garbage collection, leaks can't be seen (-XX:+DisableExplicitGC?)");
            }
        } finally {
            Reference.reachabilityFence(canary);
        }
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
    }
}
