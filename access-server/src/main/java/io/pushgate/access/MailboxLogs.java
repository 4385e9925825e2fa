package io.pushgate.access;

import io.pushgate.mailbox.BroadcastLogs;
import io.pushgate.mailbox.GroupLogs;
import io.pushgate.mailbox.Groups;
import io.pushgate.mailbox.LogCursors;
import io.pushgate.mailbox.LogEnd;
import io.pushgate.mailbox.LogPage;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Position;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The logs, as sessions see them: whatever goes wrong fails the stage, and is never thrown. */
record MailboxLogs(BroadcastLogs logs, Groups groups) implements LogSource {
    @Override
    public CompletionStage<LogPage> fetch(LogKey log, Position after, int limit) {
        return Async.ask(() -> logs.fetch(log, after, limit));
    }

    @Override
    public CompletionStage<LogPage> newest(LogKey log, int limit) {
        return Async.ask(() -> logs.newest(log, limit));
    }

    @Override
    public CompletionStage<Map<LogKey, LogEnd>> ends(Collection<LogKey> keys) {
        return Async.ask(() -> logs.ends(keys));
    }

    @Override
    public CompletionStage<Map<String, Position>> openCursors(
            DeviceKey device, Map<String, Position> tails) {
        return Async.ask(() -> logs.openCursors(device, tails));
    }

    @Override
    public CompletionStage<Void> saveCursors(List<LogCursors> moved) {
        return Async.ask(() -> logs.saveCursors(moved));
    }

    @Override
    public CompletionStage<GroupLogs> groupLogs(String app, long since) {
        return Async.ask(() -> logs.groupLogs(app, since));
    }

    @Override
    public CompletionStage<List<String>> groupsOf(DeviceKey device) {
        return Async.ask(() -> groups.of(device));
    }

    @Override
    public CompletionStage<Map<String, Position>> openGroupCursors(
            DeviceKey device, List<String> names) {
        return Async.ask(() -> logs.openGroupCursors(device, names));
    }
}
