package io.pushgate.loadtest.run;

import io.pushgate.loadtest.control.Plan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What became of every delivery of a run: each message that Kafka has, at each device that it was
 * for. The sums balance: {@code expected = delivered + ended + lost}.
 *
 * @param published messages that Kafka confirmed, or that a device got all the same
 * @param expected deliveries that these make
 * @param delivered handed to the device
 * @param ended not handed on, and a final receipt said why
 * @param lost neither
 * @param unreceipted delivered, and no final receipt says so; 0 where none were asked for
 * @param wronglyReceipted a receipt says delivered, and the device never had it
 * @param examples ids of messages that were lost, a few
 */
public record Inquest(
        long published,
        long expected,
        long delivered,
        long ended,
        long lost,
        long unreceipted,
        long wronglyReceipted,
        List<String> examples) {
    private static final int MAX_EXAMPLES = 10;

    public Inquest {
        examples = List.copyOf(examples);
    }

    /**
     * Walks over all messages.
     *
     * @param confirmed messages that Kafka has
     * @param received deliveries that the agents' devices were handed
     * @param receipts null where none were asked for
     */
    static Inquest of(
            Plan plan, BitSet confirmed, BitSet received, @Nullable ReceiptLedger receipts) {
        Walk walk = new Walk();
        for (int message = 0; message < plan.messages(); message++) {
            int first = plan.firstDevice(message);
            int end = first + plan.fanOut(message);
            int from = plan.delivery(message, first);
            int next = received.nextSetBit(from);
            boolean came = next >= 0 && next < from + (end - first);
            if (!confirmed.get(message) && !came) {
                continue;
            }
            walk.published++;
            for (int device = first; device < end; device++) {
                int delivery = plan.delivery(message, device);
                walk.delivery(plan, message, delivery, received.get(delivery), receipts);
            }
        }
        return new Inquest(
                walk.published,
                walk.expected,
                walk.delivered,
                walk.ended,
                walk.lost,
                walk.unreceipted,
                walk.wronglyReceipted,
                walk.examples);
    }

    private static final class Walk {
        private long published;
        private long expected;
        private long delivered;
        private long ended;
        private long lost;
        private long unreceipted;
        private long wronglyReceipted;
        private final List<String> examples = new ArrayList<>();

        private void delivery(
                Plan plan,
                int message,
                int delivery,
                boolean received,
                @Nullable ReceiptLedger receipts) {
            expected++;
            boolean saysDelivered = receipts != null && receipts.saysDelivered(delivery);
            boolean saysOtherwise = receipts != null && receipts.saysOtherwise(delivery);
            if (received) {
                delivered++;
                if (receipts != null && !saysDelivered && !saysOtherwise) {
                    unreceipted++;
                }
                return;
            }
            if (saysDelivered) {
                wronglyReceipted++;
            }
            if (saysOtherwise) {
                ended++;
                return;
            }
            lost++;
            if (examples.size() < MAX_EXAMPLES) {
                examples.add(plan.messageId(message));
            }
        }
    }
}
