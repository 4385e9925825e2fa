package io.pushgate.faults.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/**
 * A wall clock of its own for one process, which can be made to jump while it runs; by libfaketime,
 * which the process has to be started with. The monotonic clock stays as it is, as on a machine
 * whose clock an operator sets.
 */
public final class FakeTime {
    private static final String REREAD_EVERY_SECONDS = "1";

    private final Path offsets;

    /**
     * @param offsets a file of this clock's own, which is written
     */
    public FakeTime(Path offsets) {
        this.offsets = offsets;
        jump(Duration.ZERO);
    }

    /** What the process has to have in its environment. */
    public Map<String, String> env() {
        return Map.of(
                "LD_PRELOAD",
                DebianPackage.FAKETIME.file().toString(),
                "FAKETIME_TIMESTAMP_FILE",
                offsets.toString(),
                "FAKETIME_CACHE_DURATION",
                REREAD_EVERY_SECONDS,
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1");
    }

    /** From now on, or a second later, its clock is so far ahead of the true time. */
    public void jump(Duration ahead) {
        Path next = offsets.resolveSibling(offsets.getFileName() + ".next");
        try {
            Files.writeString(next, "%+d".formatted(ahead.toSeconds()));
            Files.move(next, offsets, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
