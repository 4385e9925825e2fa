package io.pushgate.faults.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory that can be full; takes root on Linux. */
public final class SmallDisk implements AutoCloseable {
    private static final long LARGE = 4L << 30;

    private final Path mount;

    private SmallDisk(Path mount) {
        this.mount = mount;
    }

    /**
     * Makes one with a copy of a folder in it, and so much room left.
     *
     * @param mount where it is to appear
     * @throws IllegalStateException where this process may not; says why
     */
    public static SmallDisk copyOf(Path folder, Path mount, int spareMegabytes) {
        try {
            Files.createDirectories(mount);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(List.of("mount", "-t", "tmpfs", "-o", "size=" + LARGE, "tmpfs", mount.toString()));
        SmallDisk disk = new SmallDisk(mount);
        run(List.of("cp", "--archive", folder + "/.", disk.path().toString()));
        long used = LARGE - disk.freeBytes();
        disk.resize(used + spareMegabytes * 1024L * 1024);
        return disk;
    }

    public Path path() {
        return mount;
    }

    public long freeBytes() {
        return mount.toFile().getUsableSpace();
    }

    /** There is plenty of room from now on. */
    public void grow() {
        resize(LARGE);
    }

    /** Replaces a folder by what is on it now. */
    public void copyBack(Path folder) {
        run(List.of("rm", "-rf", folder.toString()));
        run(List.of("cp", "--archive", mount.toString(), folder.toString()));
    }

    @Override
    public void close() {
        run(List.of("umount", "--lazy", mount.toString()));
    }

    private void resize(long size) {
        run(List.of("mount", "-o", "remount,size=" + size, mount.toString()));
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(
                        "a small disk takes root: "
                                + String.join(" ", command)
                                + ": "
                                + said.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
