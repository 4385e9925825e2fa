package io.pushgate.loadtest;

import java.util.random.RandomGenerator;

/**
 * When each message is to be sent, and to whom: computed before the first one goes. Messages are
 * numbered from 0, evenly spaced, each for a random device; {@link #sequence} counts the messages
 * of one device from 1.
 *
 * <p>Latency is measured from the scheduled time, not from the actual send, so that a publisher
 * that was held up doesn't hide it ("coordinated omission").
 */
final class Schedule {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int rate;
    private final int[] devices;
    private final int[] sequences;

    Schedule(int messages, int rate, int deviceCount, RandomGenerator random) {
        this.rate = rate;
        this.devices = new int[messages];
        this.sequences = new int[messages];
        int[] last = new int[deviceCount];
        for (int i = 0; i < messages; i++) {
            int device = random.nextInt(deviceCount);
            devices[i] = device;
            sequences[i] = ++last[device];
        }
    }

    int messages() {
        return devices.length;
    }

    /** Nanoseconds after the start. */
    long offset(int message) {
        // In whole seconds and the rest, so that nothing is rounded twice or overflows.
        long second = message / rate;
        return second * NANOS_PER_SECOND + message % rate * NANOS_PER_SECOND / rate;
    }

    int device(int message) {
        return devices[message];
    }

    int sequence(int message) {
        return sequences[message];
    }
}
