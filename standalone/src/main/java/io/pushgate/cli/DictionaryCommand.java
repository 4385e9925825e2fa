package io.pushgate.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

@Command(
        name = "dictionary",
        header = "Trains and lists the dictionaries that payloads are compressed with.",
        description = {
            "%nA dictionary holds what the payloads of an app have in common. Compressed with it,"
                    + " they take a fraction of the room in Redis.",
            "%nTrain one when an app has traffic, and again when its payloads have changed."
        },
        commandListHeading = "%nCommands:%n",
        subcommands = {DictionaryTrainCommand.class, DictionaryListCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate dictionary train --app shop",
            "  ./pushgate dictionary list --app shop"
        })
final class DictionaryCommand extends Subcommand {
    @Override
    public Integer call() {
        throw new ParameterException(line(), "which one, train or list?");
    }
}
