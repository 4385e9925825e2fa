package io.pushgate.runtime.kafka;

/**
 * What lies at the bottom of an exception: Kafka wraps the reason that helps into ones that don't.
 */
final class Causes {
    private Causes() {}

    /** The innermost cause in one line. */
    static String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
