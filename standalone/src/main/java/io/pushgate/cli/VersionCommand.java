package io.pushgate.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

@Command(
        name = "version",
        description = "Prints the version of pushgate and of the Java it runs on.",
        footerHeading = "%nExample:%n",
        footer = "  ./pushgate version")
final class VersionCommand extends Subcommand implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "pushgate %s (Java %s, %s %s)"
                    .formatted(
                            number(),
                            Runtime.version(),
                            System.getProperty("os.name"),
                            System.getProperty("os.arch"))
        };
    }

    /** From the jar's manifest. */
    static String number() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public Integer call() {
        print(getVersion()[0]);
        return 0;
    }
}
