package io.pushgate.loadtest.run;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pushgate.loadtest.control.Plan;

import java.util.random.RandomGenerator;

/**
 * Builds push requests by copying: a load of 20,000 a second leaves no time for a JSON writer. The
 * data is {@code {"m":17,"s":…,"p":…,"pad":"…"}}: the message's number, when it was due and when it
 * was published, and random letters, half of whose bits a compressor can save, as with other JSON.
 * Belongs to one thread.
 */
final class RequestTemplate {
    /** The numbers at their longest, and no padding. */
    static final int MIN_BYTES = 72;

    private static final int TTL_SECONDS = 3_600;
    private static final String LETTERS = "abcdefghijklmnop";
    private static final int RANDOM_BYTES = 128 * 1024;
    private static final byte[] DATA = ascii("\"data\":");
    private static final byte[] MESSAGE = ascii("{\"m\":");
    private static final byte[] DUE = ascii(",\"s\":");
    private static final byte[] PUBLISHED = ascii(",\"p\":");
    private static final byte[] PAD = ascii(",\"pad\":\"");
    private static final byte[] END = ascii("\"}}");

    private final byte[] id;
    private final byte[] toDevice;
    private final byte[] toUser;
    private final byte[] options;
    private final byte[] letters = new byte[RANDOM_BYTES];
    private final byte[] buffer;
    private final Plan plan;
    private final int bytes;
    private int at;

    /**
     * @param bytes of the data, at least {@link #MIN_BYTES}
     */
    RequestTemplate(Plan plan, int bytes, boolean receipts, RandomGenerator random) {
        this.plan = plan;
        this.bytes = bytes;
        id = ascii("{\"id\":\"" + plan.run() + "-");
        String app = "\",\"app\":\"" + plan.app() + "\",\"to\":{";
        toDevice = ascii(app + "\"device\":\"load-" + plan.run() + "-");
        toUser = ascii(app + "\"user\":\"load-" + plan.run() + "-u");
        options = ascii("\"},\"ttl\":" + TTL_SECONDS + (receipts ? ",\"receipt\":true," : ","));
        for (int i = 0; i < letters.length; i++) {
            letters[i] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
        }
        buffer = new byte[id.length + toDevice.length + options.length + bytes + RANDOM_BYTES / 64];
    }

    /**
     * The key: whatever may reach a device lies in one partition, so that its order is that of the
     * messages' numbers.
     */
    byte[] key(int message) {
        int device = plan.firstDevice(message);
        return ascii(
                plan.hasUsers() ? plan.userName(plan.userOf(device)) : plan.deviceName(device));
    }

    /**
     * @param due when it was, microseconds since 1970
     * @param published now, the same
     */
    byte[] request(int message, long due, long published) {
        at = 0;
        int device = plan.firstDevice(message);
        put(id);
        put(message);
        if (plan.isForUser(message)) {
            put(toUser);
            put(plan.userOf(device));
        } else {
            put(toDevice);
            put(device);
        }
        put(options);
        put(DATA);
        int start = at;
        put(MESSAGE);
        put(message);
        put(DUE);
        put(due);
        put(PUBLISHED);
        put(published);
        put(PAD);
        int padding = bytes - (at - start) - (END.length - 1);
        int from = (int) (message * 31L % (letters.length - bytes));
        System.arraycopy(letters, from, buffer, at, padding);
        at += padding;
        put(END);
        byte[] request = new byte[at];
        System.arraycopy(buffer, 0, request, 0, at);
        return request;
    }

    private void put(byte[] text) {
        System.arraycopy(text, 0, buffer, at, text.length);
        at += text.length;
    }

    private void put(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        at += digits;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
