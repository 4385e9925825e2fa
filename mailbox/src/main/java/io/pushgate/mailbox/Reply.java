package io.pushgate.mailbox;

import java.util.List;

/**
 * Reads the array that a script returned, value by value. A value of another kind than asked for is
 * a fault of the script and fails with {@link IllegalStateException}.
 */
final class Reply {
    private final List<?> values;
    private int next;

    Reply(List<?> values) {
        this.values = values;
    }

    boolean hasNext() {
        return next < values.size();
    }

    byte[] bytes() {
        if (value() instanceof byte[] bytes) {
            return bytes;
        }
        throw odd("string");
    }

    String text() {
        return Bytes.text(bytes());
    }

    long number() {
        if (value() instanceof Long number) {
            return number;
        }
        throw odd("integer");
    }

    boolean flag() {
        return number() != 0;
    }

    Reply array() {
        if (value() instanceof List<?> list) {
            return new Reply(list);
        }
        throw odd("array");
    }

    private Object value() {
        Object value = hasNext() ? values.get(next++) : null;
        if (value == null) {
            throw new IllegalStateException("script returned too little");
        }
        return value;
    }

    private IllegalStateException odd(String wanted) {
        return new IllegalStateException("script returned no " + wanted + " at " + (next - 1));
    }
}
