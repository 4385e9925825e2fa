package io.pushgate.mailbox;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * zstd's working memory, kept for the next call. As many are kept as there are processors; a call
 * that finds all of them taken makes one for itself and frees it at its end. So threads don't
 * matter, neither how many nor whether they are virtual. Any thread.
 */
final class ZstdContexts implements AutoCloseable {
    /** Larger results get a buffer of their own, which is not kept. */
    private static final int KEPT_BUFFER_BYTES = 80 * 1024;

    /** Dictionaries to write with, and as many to read with, that are kept ready. */
    static final int MAX_FORMS = 256;

    private final AtomicReferenceArray<@Nullable Context> kept;
    private final NativeForms<ZstdDictCompress> writing;
    private final NativeForms<ZstdDictDecompress> reading;
    private volatile boolean closed;

    ZstdContexts() {
        this(Runtime.getRuntime().availableProcessors(), MAX_FORMS);
    }

    ZstdContexts(int keep, int keepForms) {
        kept = new AtomicReferenceArray<>(keep);
        writing =
                new NativeForms<>(
                        keepForms,
                        dictionary -> new ZstdDictCompress(dictionary.bytes(), Dictionary.LEVEL),
                        ZstdDictCompress::close);
        reading =
                new NativeForms<>(
                        keepForms,
                        dictionary -> new ZstdDictDecompress(dictionary.bytes()),
                        ZstdDictDecompress::close);
    }

    /** One for the caller alone, until {@link #giveBack}. */
    Context take() {
        int start = start();
        for (int i = 0; i < kept.length(); i++) {
            int at = (start + i) % kept.length();
            Context context = kept.get(at);
            if (context != null && kept.compareAndSet(at, context, null)) {
                return context;
            }
        }
        return new Context();
    }

    void giveBack(Context context) {
        int start = start();
        for (int i = 0; i < kept.length() && !closed; i++) {
            int at = (start + i) % kept.length();
            if (kept.compareAndSet(at, null, context)) {
                if (closed) {
                    freeAll();
                }
                return;
            }
        }
        context.close();
    }

    /** Where a thread begins to look: most often it finds what it used last. */
    private int start() {
        return (int) (Thread.currentThread().threadId() % kept.length());
    }

    /** How many are kept at the moment. */
    int idle() {
        int idle = 0;
        for (int i = 0; i < kept.length(); i++) {
            if (kept.get(i) != null) {
                idle++;
            }
        }
        return idle;
    }

    /** How many dictionaries lie ready outside the heap, counted for each direction. */
    int forms() {
        return writing.size() + reading.size();
    }

    @Override
    public void close() {
        closed = true;
        freeAll();
        writing.close();
        reading.close();
    }

    private void freeAll() {
        for (int i = 0; i < kept.length(); i++) {
            Context context = kept.getAndSet(i, null);
            if (context != null) {
                context.close();
            }
        }
    }

    /** Works for one thread at a time. */
    final class Context implements AutoCloseable {
        private @Nullable ZstdCompressCtx plainWriter;
        private @Nullable ZstdDecompressCtx plainReader;
        private @Nullable LoadedContext<ZstdCompressCtx, ZstdDictCompress> writer;
        private @Nullable LoadedContext<ZstdDecompressCtx, ZstdDictDecompress> reader;
        private byte[] buffer = Bytes.EMPTY;

        private Context() {}

        byte[] compress(byte[] plain, @Nullable Dictionary dictionary) {
            ZstdCompressCtx zstd = dictionary == null ? plainWriter() : writer().with(dictionary);
            byte[] target = buffer((int) Zstd.compressBound(plain.length));
            int size = zstd.compressByteArray(target, 0, target.length, plain, 0, plain.length);
            return Arrays.copyOf(target, size);
        }

        /**
         * @param size of the result, as the frame says
         * @throws com.github.luben.zstd.ZstdException if the frame is corrupt
         */
        byte[] decompress(byte[] frame, int size, @Nullable Dictionary dictionary) {
            ZstdDecompressCtx zstd = dictionary == null ? plainReader() : reader().with(dictionary);
            byte[] plain = new byte[size];
            int written = zstd.decompressByteArray(plain, 0, size, frame, 0, frame.length);
            return written == size ? plain : Arrays.copyOf(plain, written);
        }

        private ZstdCompressCtx plainWriter() {
            ZstdCompressCtx zstd = plainWriter;
            if (zstd == null) {
                zstd = newWriter();
                plainWriter = zstd;
            }
            return zstd;
        }

        private ZstdDecompressCtx plainReader() {
            ZstdDecompressCtx zstd = plainReader;
            if (zstd == null) {
                zstd = new ZstdDecompressCtx();
                plainReader = zstd;
            }
            return zstd;
        }

        private LoadedContext<ZstdCompressCtx, ZstdDictCompress> writer() {
            LoadedContext<ZstdCompressCtx, ZstdDictCompress> context = writer;
            if (context == null) {
                context =
                        new LoadedContext<>(
                                newWriter(),
                                ZstdCompressCtx::loadDict,
                                ZstdCompressCtx::close,
                                writing);
                writer = context;
            }
            return context;
        }

        private LoadedContext<ZstdDecompressCtx, ZstdDictDecompress> reader() {
            LoadedContext<ZstdDecompressCtx, ZstdDictDecompress> context = reader;
            if (context == null) {
                context =
                        new LoadedContext<>(
                                new ZstdDecompressCtx(),
                                ZstdDecompressCtx::loadDict,
                                ZstdDecompressCtx::close,
                                reading);
                reader = context;
            }
            return context;
        }

        /** The checksum is of the payload: whatever of the frame changes is noticed. */
        private static ZstdCompressCtx newWriter() {
            return new ZstdCompressCtx().setLevel(Dictionary.LEVEL).setChecksum(true);
        }

        private byte[] buffer(int size) {
            if (size > KEPT_BUFFER_BYTES) {
                return new byte[size];
            }
            if (buffer.length < size) {
                buffer = new byte[size];
            }
            return buffer;
        }

        @Override
        public void close() {
            if (plainWriter != null) {
                plainWriter.close();
            }
            if (plainReader != null) {
                plainReader.close();
            }
            if (writer != null) {
                writer.close();
            }
            if (reader != null) {
                reader.close();
            }
        }
    }
}
