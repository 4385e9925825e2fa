package io.pushgate.runtime;

/**
 * One of the jobs of the gateway, alone in its process or beside others.
 *
 * <p>Its life is {@code start}, then {@code drain}, then {@code close}, each called once by the one
 * thread that runs the process; {@code close} also after a failed or skipped step.
 */
public interface Role extends AutoCloseable {
    /** The name on the command line, in logs and in meters, such as {@code purger}. */
    String name();

    /**
     * Takes up work and returns. A dependency that is down is no reason to fail: it shows in {@link
     * #health()}.
     *
     * @throws StartupException if the role can never work like this, such as on a taken port
     */
    void start() throws StartupException, InterruptedException;

    /** How the role is doing now; any thread, returns at once. */
    Health health();

    /** Takes no new work and finishes what it has, until the deadline at the latest. */
    void drain(Deadline deadline) throws InterruptedException;

    /** Frees everything, finished or not; idempotent. */
    @Override
    void close();
}
