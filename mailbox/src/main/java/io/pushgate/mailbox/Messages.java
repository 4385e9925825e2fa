package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.InvalidInputException;
import io.pushgate.protocol.PushRequestCodec;
import io.pushgate.protocol.Target;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What is known of messages by their id: whom they went to, whether they were recalled, and which
 * device acked one first that the first ack decides. It lies in the shard of {@code app/id}, so not
 * with the devices; any thread, nothing blocks, failures as in {@link Mailbox}.
 *
 * <p>A recall and a purger that has the request in its hands can't miss each other: the purger
 * notes the targets before it offers and learns in the same step whether there was a recall; a
 * recall leaves its mark before it goes to the devices and learns in the same step of the targets;
 * and a device that it comes to before the offer remembers it.
 */
public final class Messages {
    /**
     * Whom a request addresses.
     *
     * @param atLeast how long to remember it, if longer than configured
     */
    public record Note(String app, String id, Target target, Duration atLeast) {}

    /**
     * What a recall found.
     *
     * @param targets whom requests with this id addressed so far
     * @param scheduled whether one waited for its time; it is due now, and then finds itself
     *     recalled
     * @param old whether devices may have forgotten the id
     */
    record Mark(List<Target> targets, boolean scheduled, boolean old) {}

    private static final Duration DAY = Duration.ofDays(1);
    private static final String BY_LOG = "log";
    private static final String BY_INBOX = "inbox";

    private final RedisReads redis;
    private final Shards shards;
    private final Decoder decoder;
    private final MailboxCounters counters;
    private final Duration recallFor;
    private final NoteScript note;
    private final NoteAddScript add;
    private final NoteRecallScript recall;
    private final RecallScript withdraw;

    Messages(
            RedisReads redis,
            ShardScripts scripts,
            Decoder decoder,
            MailboxCounters counters,
            Duration recallFor) {
        this.redis = redis;
        this.shards = scripts.shards();
        this.decoder = decoder;
        this.counters = counters;
        this.recallFor = recallFor;
        this.note = new NoteScript(scripts);
        this.add = new NoteAddScript(scripts);
        this.recall = new NoteRecallScript(scripts);
        this.withdraw = new RecallScript(scripts, decoder);
    }

    /**
     * Remembers whom requests address, in one pipelined round trip; ids that were used before cost
     * a second one.
     *
     * @return whether each is recalled, in the order of the notes: such a request is offered all
     *     the same, marked as {@link Offer#recalled}, so that each of its devices has its receipt
     */
    public CompletionStage<List<Boolean>> note(List<Note> notes) {
        List<NoteScript.Fresh> fresh = notes.stream().map(this::fresh).toList();
        return note.run(fresh).thenCompose(used -> addWhereUsed(fresh, used));
    }

    private NoteScript.Fresh fresh(Note note) {
        return new NoteScript.Fresh(
                shards.ofMessage(note.app(), note.id()),
                note.app() + "/" + note.id(),
                PushRequestCodec.encodeTarget(note.target()),
                longer(note.atLeast(), recallFor));
    }

    private CompletionStage<List<Boolean>> addWhereUsed(
            List<NoteScript.Fresh> notes, List<Boolean> used) {
        if (!used.contains(true)) {
            return CompletableFuture.completedFuture(used);
        }
        List<CompletableFuture<Boolean>> answers = new ArrayList<>(notes.size());
        for (int i = 0; i < notes.size(); i++) {
            answers.add(
                    used.get(i)
                            ? addTo(notes.get(i)).toCompletableFuture()
                            : CompletableFuture.completedFuture(false));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(_ -> answers.stream().map(CompletableFuture::join).toList());
    }

    private CompletionStage<Boolean> addTo(NoteScript.Fresh note) {
        return add.run(note.shard(), note.message(), note.target(), note.keep())
                .thenApply(
                        result -> {
                            counters.noteFull(result.full());
                            return result.recalled();
                        });
    }

    /** Whom requests with this id addressed, as far as it is remembered. */
    public CompletionStage<List<Target>> targets(String app, String id) {
        return redis.text(shards.note(app, id))
                .thenApply(
                        note ->
                                note.isEmpty()
                                        ? List.of()
                                        : targets(note.substring(note.indexOf(' ', 2) + 1)));
    }

    /** Marks a message as recalled. */
    CompletionStage<Mark> recall(String app, String id) {
        return recall.run(shards.ofMessage(app, id), app + "/" + id, longer(recallFor, DAY))
                .thenApply(
                        result ->
                                new Mark(
                                        targets(result.targets()),
                                        result.scheduled(),
                                        result.old()));
    }

    /** Takes a message out of inboxes; results in the order of the devices. */
    CompletionStage<List<RecallResult>> withdraw(
            List<DeviceKey> devices, String id, RecallScript.Why why, boolean search) {
        return withdraw.run(devices, id, why, search)
                .thenApply(
                        results -> {
                            counters.withdrawn(results);
                            return results;
                        });
    }

    /**
     * Decides whether a message to a group goes through the group's log or into inboxes: as the
     * first request with this id that came to this group did, for {@link Lifetimes#WAY}.
     *
     * @param byLog what is proposed
     */
    public CompletionStage<Boolean> goesByLog(String app, String id, String group, boolean byLog) {
        String way = byLog ? BY_LOG : BY_INBOX;
        return redis.setIfAbsent(shards.way(app, id, group), Bytes.of(way), Lifetimes.WAY)
                .thenApply(before -> before.isEmpty() ? byLog : before.equals(BY_LOG));
    }

    /**
     * Decides which device acked a message first: the one that is asked for first, for good. Asking
     * again gives the same answer.
     */
    CompletionStage<Boolean> isFirst(DeviceKey device, String id) {
        byte[] key = shards.first(device.app(), id);
        return redis.setIfAbsent(key, Bytes.of(device.device()), Lifetimes.FIRST_ACK)
                .thenApply(before -> before.isEmpty() || before.equals(device.device()));
    }

    private List<Target> targets(String lines) {
        List<Target> targets = new ArrayList<>();
        lines.lines()
                .forEach(
                        line -> {
                            try {
                                targets.add(PushRequestCodec.decodeTarget(line));
                            } catch (InvalidInputException e) {
                                decoder.corrupt(MailboxError.CORRUPT_NOTE, e);
                            }
                        });
        return targets;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
