package io.pushgate.runtime;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what was opened, in reverse order, all of it even if some fail; not thread-safe.
 *
 * <p>The way of Agrona's {@code CloseHelper}: what failed is aggregated and thrown at the end.
 */
public final class Closer implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Remembers {@code resource} for {@link #close()} and returns it. */
    public <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    /**
     * Closes everything added, the newest first, each once.
     *
     * @throws IllegalStateException if any failed, with each failure as a suppressed one
     */
    @Override
    public void close() {
        IllegalStateException failures = null;
        while (!opened.isEmpty()) {
            AutoCloseable resource = opened.pop();
            try {
                resource.close();
            } catch (Exception e) {
                if (e instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                if (failures == null) {
                    failures = new IllegalStateException("Not everything could be closed");
                }
                failures.addSuppressed(e);
            }
        }
        if (failures != null) {
            throw failures;
        }
    }
}
