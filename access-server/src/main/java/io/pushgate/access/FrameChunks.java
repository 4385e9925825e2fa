package io.pushgate.access;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.ServerFrameCodec;

import org.jspecify.annotations.Nullable;

/**
 * Encodes the messages of one log, one frame behind the other, so that what goes out together is
 * one stretch of memory. One thread; others may read what is written, which never changes.
 */
final class FrameChunks {
    private static final int CHUNK_BYTES = 16 * 1024;

    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf open;

    FrameChunks(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** The entry, with one reference to its chunk, which the caller has to let go. */
    LogEntry encode(Broadcast broadcast) {
        byte[] json =
                ServerFrameCodec.encodePush(
                        broadcast.log().log(), broadcast.position(), broadcast.message());
        int most = WebSocketFrames.MAX_HEADER + json.length;
        ByteBuf chunk = open;
        if (chunk == null || chunk.maxCapacity() - chunk.writerIndex() < most) {
            close();
            int size = Math.max(CHUNK_BYTES, most);
            chunk = allocator.directBuffer(size, size);
            open = chunk;
        }
        int from = chunk.writerIndex();
        WebSocketFrames.text(chunk, json);
        return new LogEntry(broadcast, chunk.retain(), from, chunk.writerIndex());
    }

    /** Lets the chunk go that was being filled; entries keep what they need. */
    void close() {
        if (open != null) {
            open.release();
            open = null;
        }
    }
}
