package io.pushgate.cli;

import io.pushgate.loadtest.machine.Processes;

import java.util.ArrayList;
import java.util.List;

/** The option {@code --pids} of the load tests. */
final class WatchedPids {
    private WatchedPids() {}

    /**
     * @param pairs each {@code NAME=PID}; without any, what is found by its command line
     */
    static List<Processes.Watched> of(Subcommand command, List<String> pairs) {
        if (pairs.isEmpty()) {
            return Processes.detect();
        }
        List<Processes.Watched> watched = new ArrayList<>();
        for (String pair : pairs) {
            String[] parts = pair.split("=", -1);
            try {
                watched.add(new Processes.Watched(parts[0], Long.parseLong(parts[1])));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw command.wrongUsage("--pids takes NAME=PID, not '" + pair + "'", e);
            }
        }
        return watched;
    }
}
