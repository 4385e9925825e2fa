package io.pushgate.access;

import io.pushgate.mailbox.GroupLogs;
import io.pushgate.mailbox.LogCursors;
import io.pushgate.mailbox.LogEnd;
import io.pushgate.mailbox.LogPage;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.LogKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What sessions need of the broadcast logs; its stages complete on any thread. */
interface LogSource {
    CompletionStage<LogPage> fetch(LogKey log, Position after, int limit);

    CompletionStage<LogPage> newest(LogKey log, int limit);

    /** The same for messages of logs as {@link Inbox#unpack}. */
    @Nullable Message unpack(LogKey log, Message message);

    CompletionStage<Map<LogKey, LogEnd>> ends(Collection<LogKey> logs);

    CompletionStage<Map<String, Position>> openCursors(
            DeviceKey device, Map<String, Position> tails);

    CompletionStage<Void> saveCursors(List<LogCursors> moved);

    CompletionStage<GroupLogs> groupLogs(String app, long since);

    /** The groups of a device, by its token and by the API. */
    CompletionStage<List<String>> groupsOf(DeviceKey device);

    CompletionStage<Map<String, Position>> openGroupCursors(DeviceKey device, List<String> logs);
}
