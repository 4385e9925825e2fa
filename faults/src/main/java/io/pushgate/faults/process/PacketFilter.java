package io.pushgate.faults.process;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Drops packets of TCP connections in the kernel (nftables), so that TCP itself has to cope: it
 * sends again, and what was sent later arrives first. Only in a {@link PrivateNetwork}. Any thread.
 */
public final class PacketFilter implements AutoCloseable {
    private static final String TABLE = "inet pushgate_faults";

    /**
     * A filter that drops nothing yet.
     *
     * @throws IllegalStateException where this process shares its network with others, or may not
     */
    public PacketFilter() {
        if (!PrivateNetwork.isInside()) {
            throw new IllegalStateException(
                    "packets are only dropped in a network namespace of the harness' own: run"
                            + " ./pushgate faults as root");
        }
        heal();
    }

    /** Drops so many of a hundred packets from and to each of the ports. */
    public void lose(int percent, int... ports) {
        String chance = percent >= 100 ? "" : "numgen random mod 100 < %d ".formatted(percent);
        String set =
                Arrays.stream(ports)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(", ", "{ ", " }"));
        nft(
                """
                add rule %1$s packets tcp dport %2$s %3$sdrop
                add rule %1$s packets tcp sport %2$s %3$sdrop
                """
                        .formatted(TABLE, set, chance));
    }

    /** Drops nothing any more. */
    public void heal() {
        nft(
                """
                add table %1$s
                delete table %1$s
                add table %1$s
                add chain %1$s packets { type filter hook input priority 0; }
                """
                        .formatted(TABLE));
    }

    @Override
    public void close() {
        heal();
    }

    private static void nft(String commands) {
        Tool.run(commands, List.of(DebianPackage.NFTABLES.file().toString(), "-f", "-"));
    }
}
