package io.pushgate.purger;

import io.pushgate.mailbox.AudienceCursor;
import io.pushgate.mailbox.Mailbox;
import io.pushgate.mailbox.Progress;
import io.pushgate.mailbox.UserDevice;
import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.Priority;
import io.pushgate.protocol.PushRequest;
import io.pushgate.protocol.Target;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads the devices of large targets, one chunk after the other; any thread. */
final class Chunks {
    /**
     * @param devices the next ones, perhaps none
     * @param progress how far the expansion is with them
     */
    record Chunk(List<DeviceKey> devices, Progress progress) {}

    private final Mailbox mailbox;
    private final int size;
    private final int bulkSize;

    /**
     * @param size devices in a chunk, at most
     * @param bulkSize the same for bulk requests
     */
    Chunks(Mailbox mailbox, int size, int bulkSize) {
        this.mailbox = mailbox;
        this.size = size;
        this.bulkSize = bulkSize;
    }

    /** The chunk that follows what has been offered so far. */
    CompletionStage<Chunk> after(Progress progress, PushRequest request) {
        return switch (request.to()) {
            case Target.Device t -> named(request, List.of(t.device()), progress);
            case Target.Devices t -> named(request, t.devices(), progress);
            case Target.User t ->
                    mailbox.devicesOf(request.app(), t.user())
                            .thenCompose(
                                    known ->
                                            named(
                                                    request,
                                                    known.stream()
                                                            .map(UserDevice::device)
                                                            .sorted()
                                                            .toList(),
                                                    progress));
            case Target.Group _, Target.All _ -> page(request, progress);
        };
    }

    /** A list is as long as a request at most; its cursor counts the devices before it. */
    private CompletionStage<Chunk> named(
            PushRequest request, List<String> names, Progress progress) {
        int from = Math.clamp(progress.offered(), 0, names.size());
        int to = Math.min(from + size(request), names.size());
        return CompletableFuture.completedFuture(
                chunk(
                        request,
                        names.subList(from, to),
                        progress,
                        Integer.toString(to),
                        to == names.size()));
    }

    private CompletionStage<Chunk> page(PushRequest request, Progress progress) {
        return mailbox.groups()
                .page(
                        TargetResolver.audience(request.app(), request.to()),
                        request.to().platforms(),
                        cursor(progress),
                        size(request))
                .thenApply(
                        page ->
                                chunk(
                                        request,
                                        page.devices(),
                                        progress,
                                        page.next().toString(),
                                        !page.more()));
    }

    private int size(PushRequest request) {
        return request.priority() == Priority.BULK ? bulkSize : size;
    }

    private static AudienceCursor cursor(Progress progress) {
        try {
            return progress.cursor().isEmpty()
                    ? AudienceCursor.START
                    : AudienceCursor.parse(progress.cursor());
        } catch (InvalidInputException e) {
            return AudienceCursor.START; // of another version: what it did is known to the mailbox
        }
    }

    private static Chunk chunk(
            PushRequest request,
            List<String> names,
            Progress before,
            String cursor,
            boolean isLast) {
        return new Chunk(
                names.stream().map(device -> new DeviceKey(request.app(), device)).toList(),
                new Progress(before.offered() + names.size(), isLast ? "" : cursor, isLast));
    }
}
