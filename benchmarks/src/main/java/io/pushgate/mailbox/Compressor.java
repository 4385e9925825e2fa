package io.pushgate.mailbox;

import com.github.luben.zstd.Zstd;

import io.pushgate.protocol.InvalidInputException;

import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A way to make payloads smaller, and back again. One thread only. */
interface Compressor {
    byte[] compress(byte[] plain);

    /**
     * @param size of the payload
     */
    byte[] decompress(byte[] compressed, int size);

    static Compressor of(String name) {
        return switch (name) {
            case "gzip" -> new Gzip();
            case "snappy" -> new SnappyBlock();
            case "zstd-static" -> new StaticZstd();
            case "zstd" -> new Stored(null);
            case "zstd-dictionary" -> new Stored(OrderSet.dictionary());
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** The JDK's streams, as HTTP servers use them. */
    final class Gzip implements Compressor {
        @Override
        public byte[] compress(byte[] plain) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2);
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(plain);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return out.toByteArray();
        }

        @Override
        public byte[] decompress(byte[] compressed, int size) {
            try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
                return gzip.readNBytes(size);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** snappy-java, one block a payload. */
    final class SnappyBlock implements Compressor {
        @Override
        public byte[] compress(byte[] plain) {
            try {
                return Snappy.compress(plain);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public byte[] decompress(byte[] compressed, int size) {
            try {
                return Snappy.uncompress(compressed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** zstd-jni's static methods, which make a context for each call. */
    final class StaticZstd implements Compressor {
        @Override
        public byte[] compress(byte[] plain) {
            return Zstd.compress(plain, Dictionary.LEVEL);
        }

        @Override
        public byte[] decompress(byte[] compressed, int size) {
            return Zstd.decompress(compressed, size);
        }
    }

    /** What the mailbox does. */
    final class Stored implements Compressor {
        private final PayloadCodec codec = new PayloadCodec(0);
        private final @Nullable Dictionary dictionary;

        Stored(@Nullable Dictionary dictionary) {
            this.dictionary = dictionary;
        }

        @Override
        public byte[] compress(byte[] plain) {
            return codec.encode(plain, dictionary).bytes();
        }

        @Override
        public byte[] decompress(byte[] compressed, int size) {
            try {
                return codec.decode(new PayloadCodec.Stored(compressed, true), dictionary);
            } catch (InvalidInputException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
