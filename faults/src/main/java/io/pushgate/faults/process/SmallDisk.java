package io.pushgate.faults.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
     * @throws IllegalStateException where this process may not, as it is not root; says why
     */
    public static SmallDisk copyOf(Path folder, Path mount, int spareMegabytes) {
        try {
            Files.createDirectories(mount);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Tool.run("mount", "-t", "tmpfs", "-o", "size=" + LARGE, "tmpfs", mount.toString());
        SmallDisk disk = new SmallDisk(mount);
        Tool.run("cp", "--archive", folder + "/.", disk.path().toString());
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
        Tool.run("rm", "-rf", folder.toString());
        Tool.run("cp", "--archive", mount.toString(), folder.toString());
    }

    @Override
    public void close() {
        Tool.run("umount", "--lazy", mount.toString());
    }

    private void resize(long size) {
        Tool.run("mount", "-o", "remount,size=" + size, mount.toString());
    }
}
