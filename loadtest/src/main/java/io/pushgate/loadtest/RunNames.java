package io.pushgate.loadtest;

import java.util.random.RandomGenerator;

/**
 * Names of one run's devices and messages; no two runs share any.
 *
 * @param run letters and digits
 */
public record RunNames(String run) {
    static RunNames random(RandomGenerator random) {
        return new RunNames(newRun(random));
    }

    /** Letters and digits that no other run has. */
    public static String newRun(RandomGenerator random) {
        String suffix = Integer.toString(random.nextInt(36 * 36 * 36), 36);
        return Long.toString(System.currentTimeMillis(), 36) + suffix;
    }

    String device(int device) {
        return "load-" + run + "-" + device;
    }

    String message(int message) {
        return run + "-" + message;
    }

    /** The number of one of the first {@code count} messages of this run; -1 for any other id. */
    int messageOf(String id, int count) {
        if (!id.startsWith(run) || id.length() <= run.length() + 1) {
            return -1;
        }
        String number = id.substring(run.length() + 1);
        if (number.length() > 9 || !number.chars().allMatch(Character::isDigit)) {
            return -1;
        }
        int message = Integer.parseInt(number);
        return id.charAt(run.length()) == '-' && message < count ? message : -1;
    }
}
