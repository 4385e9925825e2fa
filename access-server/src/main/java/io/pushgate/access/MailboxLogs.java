package io.pushgate.access;

import io.pushgate.mailbox.GroupLogs;
import io.pushgate.mailbox.LogCursors;
import io.pushgate.mailbox.LogEnd;
import io.pushgate.mailbox.LogPage;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The logs, as sessions see them: whatever goes wrong fails the stage, and is never thrown. */
record MailboxLogs(Mailbox mailbox) implements LogSource {
    @Override
    public CompletionStage<LogPage> fetch(LogKey log, Position after, int limit) {
        return Async.ask(() -> mailbox.logs().fetch(log, after, limit));
    }

    @Override
    public CompletionStage<LogPage> newest(LogKey log, int limit) {
        return Async.ask(() -> mailbox.logs().newest(log, limit));
    }

    @Override
    public @Nullable Message unpack(LogKey log, Message message) {
        return mailbox.payloads().unpack(log.app(), message);
    }

    @Override
    public CompletionStage<Map<LogKey, LogEnd>> ends(Collection<LogKey> keys) {
        return Async.ask(() -> mailbox.logs().ends(keys));
    }

    @Override
    public CompletionStage<Map<String, Position>> openCursors(
            DeviceKey device, Map<String, Position> tails) {
        return Async.ask(() -> mailbox.logs().openCursors(device, tails));
    }

    @Override
    public CompletionStage<Void> saveCursors(List<LogCursors> moved) {
        return Async.ask(() -> mailbox.logs().saveCursors(moved));
    }

    @Override
    public CompletionStage<GroupLogs> groupLogs(String app, long since) {
        return Async.ask(() -> mailbox.logs().groupLogs(app, since));
    }

    @Override
    public CompletionStage<List<String>> groupsOf(DeviceKey device) {
        return Async.ask(() -> mailbox.groups().of(device));
    }

    @Override
    public CompletionStage<Map<String, Position>> openGroupCursors(
            DeviceKey device, List<String> names) {
        return Async.ask(() -> mailbox.logs().openGroupCursors(device, names));
    }
}
