package io.pushgate.loadtest.control;

import io.pushgate.protocol.InvalidInputException;

import org.HdrHistogram.Histogram;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Histograms and bit sets as text. */
public final class Packed {
    /** Longer latencies are recorded as this. */
    public static final long MAX_MICROS = TimeUnit.HOURS.toMicros(1);

    private static final int DIGITS = 3;

    private Packed() {}

    /** An empty histogram of microseconds. */
    public static Histogram histogram() {
        return new Histogram(MAX_MICROS, DIGITS);
    }

    /** As {@link #histogram} takes it. */
    public static long clamp(long micros) {
        return Math.clamp(micros, 0, MAX_MICROS);
    }

    public static String histogram(Histogram histogram) {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        byte[] exact = new byte[length];
        bytes.flip().get(exact);
        return Base64.getEncoder().encodeToString(exact);
    }

    /**
     * @throws InvalidInputException if it is no histogram
     */
    public static Histogram histogram(String text) throws InvalidInputException {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            return Histogram.decodeFromCompressedByteBuffer(bytes, MAX_MICROS);
        } catch (DataFormatException | RuntimeException e) {
            // The library throws whatever comes of reading on.
            throw new InvalidInputException("not a histogram: " + e.getMessage());
        }
    }

    public static String bits(BitSet bits) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
            deflater.write(bits.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail", e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /**
     * @param bound on the number of bits
     * @throws InvalidInputException if it is no bit set, or a longer one
     */
    public static BitSet bits(String text, int bound) throws InvalidInputException {
        try (InflaterInputStream inflater =
                new InflaterInputStream(
                        new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            byte[] bytes = inflater.readNBytes(bound / 8 + 2);
            BitSet bits = BitSet.valueOf(bytes);
            if (bits.length() > bound) {
                throw new InvalidInputException("a bit set longer than " + bound);
            }
            return bits;
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidInputException("not a bit set: " + e.getMessage());
        }
    }
}
