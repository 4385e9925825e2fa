package io.pushgate.runtime.config;

/** Where metrics and health are served. */
public record ManagementConfig(
        @Default("127.0.0.1") @Doc("Address to listen on; 0.0.0.0 opens it to the network.")
                String host,
        @Default("8082")
                @Range(min = 0, max = 65_535)
                @Doc("Port of /metrics, /health and /loggers; 0 takes a free one.")
                int port,
        @Default("false") @Doc("Whether levels of loggers may be changed from other machines, too.")
                boolean remoteLogLevels) {
    /** Without changes from other machines. */
    public ManagementConfig(String host, int port) {
        this(host, port, false);
    }
}
