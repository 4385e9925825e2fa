package io.pushgate.access;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;
import io.pushgate.runtime.Backoff;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The groups of one connected device. Has its session follow the log of each that has one, from
 * where the device stands in it, and no longer when the device has left the group. Whatever fails
 * is tried again; nothing is missed meanwhile, as a place in a log is Redis's to know. One thread
 * only, that of the connection's event loop.
 */
final class SessionGroups implements FetchGate.Waiting {
    private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    private final SessionLogs session;
    private final SessionContext node;
    private final LoopContext loop;
    private final DeviceKey device;

    /**
     * Its place among those of the device.app(), kept by {@link LoopGroups}; -1 where it has none.
     */
    int slot = -1;

    private List<String> groups = List.of();

    /** The groups whose log is followed. */
    private final List<String> followed = new ArrayList<>(0);

    /** What is about to be followed, while its cursors are read. */
    private List<LoopLog> opening = List.of();

    /** Counts the changes of its groups: what was asked for before one is out of date. */
    private int changes;

    private boolean busy;
    private int failures;
    private boolean closed;

    SessionGroups(SessionLogs session, SessionContext node, LoopContext loop, DeviceKey device) {
        this.session = session;
        this.node = node;
        this.loop = loop;
        this.device = device;
    }

    /** The device belongs to these groups from now on, and to no other. */
    void belongTo(List<String> byToken, List<String> byApi) {
        set(
                byApi.isEmpty()
                        ? byToken
                        : Stream.concat(byToken.stream(), byApi.stream()).distinct().toList());
    }

    /** Asks the mailbox which groups the device belongs to. */
    void lookUp() {
        Async.on(
                loop.executor(), node.logs().groupsOf(device), this::set, _ -> retry(this::lookUp));
    }

    private void retry(Runnable task) {
        node.metrics().error(AccessError.LOG_FAILED);
        session.retry(
                () -> {
                    if (!closed) {
                        task.run();
                    }
                },
                RETRY.pause(++failures).toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void set(List<String> now) {
        if (closed || now.equals(groups)) {
            return;
        }
        groups = now;
        changes++;
        followed.removeIf(
                group -> {
                    boolean left = !now.contains(group);
                    if (left) {
                        session.unfollow(LogKey.group(device.app(), group).log());
                    }
                    return left;
                });
        if (now.isEmpty()) {
            marks().leave(device.app(), this);
        } else if (slot < 0) {
            marks().enter(device.app(), this);
        }
        follow();
    }

    /** These groups have a log, too. */
    void marked(Set<String> groupsWithLog) {
        if (groups.stream().anyMatch(groupsWithLog::contains)) {
            follow();
        }
    }

    /** Follows each log that there is and that is not followed; one attempt at a time. */
    private void follow() {
        if (busy || closed) {
            return;
        }
        List<LogKey> wanted =
                groups.stream()
                        .filter(group -> !followed.contains(group))
                        .filter(group -> marks().isMarked(device.app(), group))
                        .map(group -> LogKey.group(device.app(), group))
                        .toList();
        if (wanted.isEmpty()) {
            return;
        }
        busy = true;
        List<LoopLog> logs = new ArrayList<>(wanted.size());
        for (LogKey key : wanted) {
            loop.logs()
                    .follow(
                            key,
                            log -> {
                                logs.add(log);
                                if (logs.size() == wanted.size()) {
                                    opened(logs);
                                }
                            });
        }
    }

    private void opened(List<LoopLog> logs) {
        opening = logs;
        readCursors();
    }

    @Override
    public void turn() {
        readCursors();
    }

    private void readCursors() {
        if (closed || !loop.gate().enter(this)) {
            return;
        }
        int asOf = changes;
        List<String> names = opening.stream().map(log -> log.key().log()).toList();
        Async.on(
                loop.executor(),
                node.logs().openGroupCursors(device, names),
                cursors -> read(cursors, asOf),
                this::failed);
    }

    private void read(Map<String, Position> cursors, int asOf) {
        loop.gate().leave();
        busy = false;
        failures = 0;
        if (closed) {
            return;
        }
        for (LoopLog log : opening) {
            String group = log.key().group();
            Position cursor = cursors.get(log.key().log());
            boolean valid = asOf == changes && groups.contains(group) && !log.isClosed();
            if (valid && group != null && cursor != null) {
                followed.add(group);
                session.follow(log, cursor);
            }
        }
        opening = List.of();
        follow(); // what has come meanwhile
    }

    private void failed(Throwable cause) {
        loop.gate().leave();
        retry(
                () -> {
                    busy = false;
                    follow();
                });
    }

    private LoopGroups marks() {
        return loop.logs().groups();
    }

    /** Follows nothing any more. */
    void close() {
        closed = true;
        marks().leave(device.app(), this);
    }
}
