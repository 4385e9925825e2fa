package io.pushgate.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One growing byte array. Not for use by several threads at once. */
final class BinaryWriter {
    private byte[] bytes;
    private int size;

    /** Room for so many bytes before the array has to grow. */
    BinaryWriter(int expectedSize) {
        bytes = new byte[Math.max(expectedSize, 16)];
    }

    void u8(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    /** Seven bits a byte, lowest first: 1 to 10 bytes; negative numbers take all 10. */
    void varint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void text(String value) {
        block(value.getBytes(StandardCharsets.UTF_8));
    }

    /** The length as varint, then the bytes. */
    void block(byte[] value) {
        varint(value.length);
        raw(value);
    }

    void raw(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /** The characters one byte each; they must be ASCII. */
    void ascii(String value) {
        int length = value.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) value.charAt(i);
        }
    }

    byte[] toByteArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
