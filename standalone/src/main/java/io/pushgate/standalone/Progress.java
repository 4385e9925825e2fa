package io.pushgate.standalone;

/** Takes what a start is at; called from several threads. */
@FunctionalInterface
public interface Progress {
    Progress SILENT = step -> {};

    /**
     * Something begins or is done.
     *
     * @param step a few words
     */
    void step(String step);
}
