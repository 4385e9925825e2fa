package io.pushgate.cli;

import io.pushgate.protocol.Names;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Checks names given as flags; a bad one is wrong usage. */
record NameOptions(CommandLine command) {
    void app(String flag, String value) {
        require(Names.isApp(value), flag, value, "1 to 64 of A-Z a-z 0-9 . _ -");
    }

    void address(String flag, String value) {
        require(Names.isAddress(value), flag, value, "1 to 128 of A-Z a-z 0-9 . _ : @ + -");
    }

    void label(String flag, String value) {
        require(Names.isLabel(value), flag, value, "1 to 64 of A-Z a-z 0-9 . _ -");
    }

    private void require(boolean good, String flag, String value, String allowed) {
        if (!good) {
            throw new ParameterException(
                    command, flag + " takes " + allowed + ", not \"" + value + "\"");
        }
    }
}
