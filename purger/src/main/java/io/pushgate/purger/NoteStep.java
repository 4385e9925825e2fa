package io.pushgate.purger;

import io.pushgate.mailbox.Messages;
import io.pushgate.protocol.PushRequest;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Notes whom requests address before they are offered, so that a recall finds their devices, and
 * learns which of them are recalled already; in one round trip a poll.
 */
final class NoteStep {
    /** Beyond its expiry, as clocks differ and an ack may be late. */
    private static final Duration SPARE = Duration.ofHours(1);

    private final Messages messages;
    private final RedisCalls redis;

    NoteStep(Messages messages, RedisCalls redis) {
        this.messages = messages;
        this.redis = redis;
    }

    /** Blocks until Redis has answered; those that are recalled. */
    Set<Intake.Valid> recalled(List<Intake.Valid> requests) throws InterruptedException {
        if (requests.isEmpty()) {
            return Set.of();
        }
        List<Messages.Note> notes = requests.stream().map(r -> note(r.request())).toList();
        List<Boolean> answers = redis.untilAnswered("note", () -> messages.note(notes));
        Set<Intake.Valid> recalled = HashSet.newHashSet(0);
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i)) {
                recalled.add(requests.get(i));
            }
        }
        return recalled;
    }

    /** The same for one request, of which a part is about to be offered. */
    boolean isRecalled(PushRequest request) throws InterruptedException {
        List<Messages.Note> notes = List.of(note(request));
        return redis.untilAnswered("note", () -> messages.note(notes)).getFirst();
    }

    /** As long as a copy may wait, where the first ack takes the others back. */
    private static Messages.Note note(PushRequest request) {
        Duration atLeast = Duration.ZERO;
        if (request.cancelOn() != null) {
            atLeast = request.ttl().plus(SPARE);
        }
        return new Messages.Note(request.app(), request.id(), request.to(), atLeast);
    }
}
