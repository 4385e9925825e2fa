package io.pushgate.faults.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A tool that some scenarios need and that comes from Debian's packages.
 *
 * @param name of the package
 * @param file what it brings
 */
public record DebianPackage(String name, Path file) {
    private static final long MINUTES = 3;

    /** Another wall clock for one process. */
    public static final DebianPackage FAKETIME =
            new DebianPackage(
                    "libfaketime",
                    Path.of("/usr/lib/" + multiarch() + "/faketime/libfaketimeMT.so.1"));

    /** The kernel's packet filter. */
    public static final DebianPackage NFTABLES =
            new DebianPackage("nftables", Path.of("/usr/sbin/nft"));

    private static String multiarch() {
        return System.getProperty("os.arch").equals("aarch64")
                ? "aarch64-linux-gnu"
                : "x86_64-linux-gnu";
    }

    public boolean isInstalled() {
        return Files.exists(file);
    }

    /**
     * Installs it where it is missing; that takes root and Debian.
     *
     * @throws IllegalStateException where it is not there afterwards; says what to do
     */
    public void install() throws InterruptedException {
        if (isInstalled()) {
            return;
        }
        try {
            Process process =
                    new ProcessBuilder(
                                    "apt-get",
                                    "install",
                                    "--yes",
                                    "--quiet",
                                    "--no-install-recommends",
                                    name)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(missing(), e);
        }
        require();
    }

    /**
     * @throws IllegalStateException where it is not there; says what to do
     */
    public void require() {
        if (!isInstalled()) {
            throw new IllegalStateException(missing());
        }
    }

    private String missing() {
        return "there is no " + file + ": as root, apt-get install " + name;
    }
}
