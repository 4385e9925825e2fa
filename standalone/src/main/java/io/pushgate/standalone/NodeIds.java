package io.pushgate.standalone;

import io.pushgate.protocol.Names;
import io.pushgate.runtime.StartupException;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of a process among all that share a Redis. */
final class NodeIds {
    private static final int MAX_HOST_LENGTH = 48;

    private NodeIds() {}

    /** The configured one if it is a proper label. */
    static String check(String nodeId) throws StartupException {
        if (!Names.isLabel(nodeId)) {
            throw new StartupException(
                    "node-id is 1 to 64 of A-Z a-z 0-9 . _ -, not \"" + nodeId + "\"");
        }
        return nodeId;
    }

    /**
     * Made of the host and a port that only this process can have; the same after a restart, so
     * that the new process answers for the devices of the old one.
     *
     * @param port 0 makes it the process id
     */
    static String of(int port) {
        return label(hostName()) + "-" + (port == 0 ? ProcessHandle.current().pid() : port);
    }

    static String label(String host) {
        String label = host.replaceAll("[^A-Za-z0-9._-]", "-");
        return label.length() > MAX_HOST_LENGTH ? label.substring(0, MAX_HOST_LENGTH) : label;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
