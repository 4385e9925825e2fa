package io.pushgate.runtime.redis;

/**
 * What a server says of its part in replication.
 *
 * @param primary whether it takes writes
 * @param history names the line of writes that its data is the outcome of ({@code master_replid}).
 *     A replica has its primary's. A replica that is promoted and a primary that starts again begin
 *     a new one, and no history ever comes back: as long as a primary names the same one, no write
 *     that it has answered is gone.
 */
record Replication(boolean primary, String history) {
    /** Reads the answer to INFO replication; what is missing makes it no primary. */
    static Replication parse(String info) {
        boolean primary = false;
        String history = "";
        for (String line : info.lines().toList()) {
            if (line.strip().equals("role:master")) {
                primary = true;
            } else if (line.startsWith("master_replid:")) {
                history = line.substring("master_replid:".length()).strip();
            }
        }
        return new Replication(primary, history);
    }
}
