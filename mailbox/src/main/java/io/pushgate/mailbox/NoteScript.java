package io.pushgate.mailbox;

import io.pushgate.runtime.redis.LuaScript;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@code note.lua}: whom requests address whose ids were not used before. */
final class NoteScript {
    private static final LuaScript SCRIPT = ShardScripts.load("note.lua");
    private static final int OVERHEAD_BYTES = 128;

    /**
     * A note to be kept.
     *
     * @param message {@code app/id}
     * @param target as JSON
     */
    record Fresh(int shard, String message, String target, Duration keep) {
        byte[] text() {
            return Bytes.of("N " + keep.toMillis() + " " + target);
        }
    }

    private final ShardScripts scripts;
    private final ShardBatches<Fresh, Boolean> batches;

    NoteScript(ShardScripts scripts) {
        this.scripts = scripts;
        this.batches =
                new ShardBatches<>(
                        Fresh::shard,
                        fresh -> fresh.target().length() + OVERHEAD_BYTES,
                        scripts::together,
                        this::call);
    }

    /** Whether each id was used before, in order; those are not noted. */
    CompletionStage<List<Boolean>> run(List<Fresh> notes) {
        return batches.run(notes);
    }

    private CompletionStage<List<Boolean>> call(int[] shards, List<Fresh> notes) {
        List<byte[]> args = new ArrayList<>(3 * notes.size());
        for (Fresh note : notes) {
            args.add(Bytes.of(note.message()));
            args.add(note.text());
            args.add(Bytes.of(note.keep().toMillis()));
        }
        return scripts.run(SCRIPT, shards, args).thenApply(NoteScript::read);
    }

    private static List<Boolean> read(Reply reply) {
        List<Boolean> used = new ArrayList<>();
        while (reply.hasNext()) {
            used.add(reply.bytes().length > 0);
        }
        return used;
    }
}
