package io.pushgate.mailbox;

import io.pushgate.protocol.DeviceKey;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a recall came to.
 *
 * @param known whether a request with this id was taken within the time that is remembered. If not,
 *     one that comes within a day is recalled on arrival
 * @param scheduled whether the message waited for its time; its devices have their receipts soon
 * @param fromLog whether it was taken out of a broadcast log
 * @param devices what it came to at each device, the first {@link #MAX_DEVICES} of them
 * @param counts devices by answer, all of them; answers that nobody had are left out
 */
public record RecallReport(
        boolean known,
        boolean scheduled,
        boolean fromLog,
        List<Answer> devices,
        Map<State, Long> counts) {
    /** Devices that are listed. */
    public static final int MAX_DEVICES = 1_000;

    /** What happened at a device. */
    public enum State {
        /** The device does not get it; it was offline, or was not offered the message yet. */
        RECALLED,
        /**
         * It was taken out of the inbox of a connected device, and the connection told to take it
         * back. The app may have it all the same; the receipt is {@code recalled}.
         */
        IN_FLIGHT,
        /** The device had acked it. */
        ALREADY_DELIVERED,
        /** It had expired, overflowed, been superseded or recalled. */
        ALREADY_ENDED
    }

    /**
     * The answer of one device.
     *
     * @param ended how it had ended, empty but for {@link State#ALREADY_ENDED}
     */
    public record Answer(DeviceKey device, State state, String ended) {
        static Answer of(RecallResult result) {
            return switch (result) {
                case RecallResult.Withdrawn out ->
                        new Answer(
                                out.device(),
                                out.route() == null ? State.RECALLED : State.IN_FLIGHT,
                                "");
                case RecallResult.NotOffered not -> new Answer(not.device(), State.RECALLED, "");
                case RecallResult.Acked acked ->
                        new Answer(acked.device(), State.ALREADY_DELIVERED, "");
                case RecallResult.Ended ended ->
                        new Answer(ended.device(), State.ALREADY_ENDED, ended.how());
            };
        }
    }

    /** Adds up pages; one thread at a time. */
    static final class Builder {
        private final List<Answer> devices = new ArrayList<>();
        private final Map<State, Long> counts = new EnumMap<>(State.class);

        void add(List<RecallResult> results) {
            for (RecallResult result : results) {
                Answer answer = Answer.of(result);
                counts.merge(answer.state(), 1L, Long::sum);
                if (devices.size() < MAX_DEVICES) {
                    devices.add(answer);
                }
            }
        }

        RecallReport build(boolean known, boolean scheduled, boolean fromLog) {
            return new RecallReport(
                    known, scheduled, fromLog, List.copyOf(devices), Map.copyOf(counts));
        }
    }
}
