package io.pushgate.faults.load;

import io.pushgate.loadtest.machine.Stalls;
import io.pushgate.protocol.Receipt;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Books what was published, what reached the app of each device, and every receipt, and says what
 * does not add up: published = delivered once + ended by another final receipt. Any thread.
 */
public final class Account {
    private final String prefix;
    private final List<Life> lives = new ArrayList<>();
    private final Map<Integer, Integer> nextSequence = new HashMap<>();
    private final Map<Integer, Integer> highestDelivered = new HashMap<>();
    private final long startNanos = System.nanoTime();
    private final GroupAccount groups = new GroupAccount();
    private int unsettled;
    private int unknown;

    /**
     * @param prefix of all message ids
     */
    public Account(String prefix) {
        this.prefix = prefix;
    }

    /** The messages that go to whole groups. */
    public GroupAccount groups() {
        return groups;
    }

    /** A message is about to be published. Messages of one device are to be sent in this order. */
    synchronized Life begin(int device, long nanos) {
        int sequence = nextSequence.merge(device, 1, Integer::sum) - 1;
        Life life = new Life(lives.size(), device, sequence, nanos);
        lives.add(life);
        unsettled++;
        return life;
    }

    String id(Life life) {
        return prefix + life.number;
    }

    /** Kafka has the request. */
    synchronized void published(Life life, long nanos, String place) {
        change(
                life,
                () -> {
                    life.publishedNanos = nanos;
                    life.place = place;
                });
    }

    /** Kafka did not say that it has the request; it may have it. */
    synchronized void failed(Life life, String reason) {
        change(life, () -> life.failure = reason);
    }

    /**
     * The app of a device was handed a message.
     *
     * @param node where its session was
     */
    public synchronized void delivered(int device, String id, long nanos, String node) {
        if (GroupAccount.owns(id)) {
            groups.delivered(device, id);
            return;
        }
        Life life = find(id);
        if (life == null || life.device != device) {
            unknown++;
            return;
        }
        if (!life.isDelivered()) {
            int highest = highestDelivered.getOrDefault(device, -1);
            life.outOfOrder = life.sequence < highest;
            highestDelivered.put(device, Math.max(highest, life.sequence));
        }
        change(life, () -> life.deliveries.add(new Life.Delivered(nanos, node)));
    }

    /** A receipt was read; those of other runs are passed over. */
    public synchronized void receipt(Receipt receipt, long nanos) {
        Life life = find(receipt.id());
        if (life != null) {
            change(
                    life,
                    () ->
                            life.receipts.add(
                                    new Life.Receipted(nanos, receipt.status(), receipt.reason())));
        }
    }

    /** An access node wrote the message to a socket. */
    public synchronized void onWire(String id) {
        Life life = find(id);
        if (life != null) {
            life.onWire++;
        }
    }

    /** Whether everything published has come to its end, and its receipt too. */
    public synchronized boolean isSettled() {
        return unsettled == 0;
    }

    /** How many messages have not come to their end, or lack the receipt. */
    public synchronized int unsettled() {
        return unsettled;
    }

    /** How many receipts of a kind have come, repeats included. */
    public synchronized long receipts(Receipt.Status status) {
        return lives.stream()
                .flatMap(life -> life.receipts.stream())
                .filter(receipt -> receipt.status() == status)
                .count();
    }

    /** What happened in each second, as comma separated values with a head. */
    public synchronized String timeline() {
        TreeMap<Long, long[]> seconds = new TreeMap<>();
        for (Life life : lives) {
            seconds.computeIfAbsent(second(life.sentNanos), _ -> new long[3])[0]++;
            for (Life.Delivered delivery : life.deliveries) {
                long[] row = seconds.computeIfAbsent(second(delivery.nanos()), _ -> new long[3]);
                row[1]++;
                row[2] = Math.max(row[2], (delivery.nanos() - life.sentNanos) / 1_000_000);
            }
        }
        StringBuilder text = new StringBuilder("second,sent,delivered,oldest_ms\n");
        seconds.forEach(
                (second, row) ->
                        text.append("%d,%d,%d,%d\n".formatted(second, row[0], row[1], row[2])));
        return text.toString();
    }

    private long second(long nanos) {
        return (nanos - startNanos) / 1_000_000_000L;
    }

    /** Everything in numbers, as it is now. */
    public synchronized Totals totals() {
        int published = 0;
        int delivered = 0;
        int ended = 0;
        int lost = 0;
        int doubled = 0;
        int outOfOrder = 0;
        int repeated = 0;
        int receiptsMissing = 0;
        for (Life life : lives) {
            published += life.isPublished() ? 1 : 0;
            delivered += life.isDelivered() ? 1 : 0;
            ended += life.hasEndedOtherwise() && !life.isDelivered() ? 1 : 0;
            lost += life.isLost() ? 1 : 0;
            doubled += Math.max(0, life.deliveries.size() - 1);
            outOfOrder += life.outOfOrder ? 1 : 0;
            repeated += life.onWire > 1 ? 1 : 0;
            receiptsMissing +=
                    life.isDelivered() && !life.isDeliveryReceipted() && !life.hasEndedOtherwise()
                            ? 1
                            : 0;
        }
        return new Totals(
                published,
                delivered,
                ended,
                lost,
                doubled,
                outOfOrder,
                repeated,
                receiptsMissing,
                unknown);
    }

    /**
     * How long a fault held messages up, per device: the longest time from the fault, or from
     * publishing where that was later, to the hand-over. Messages published in the 2 s before the
     * fault, and up to {@code until}, count.
     *
     * @return nanoseconds, ascending; devices that were sent nothing in that time are left out
     */
    public synchronized long[] heldUp(long faultNanos, long until, IntPredicate devices) {
        Map<Integer, Long> longest = new HashMap<>();
        for (Life life : lives) {
            boolean counts =
                    life.isDelivered()
                            && life.sentNanos > faultNanos - 2_000_000_000L
                            && life.sentNanos < until
                            && devices.test(life.device);
            if (counts) {
                long at = life.deliveries.getFirst().nanos();
                if (at > faultNanos) {
                    long held = at - Math.max(faultNanos, life.sentNanos);
                    longest.merge(life.device, held, Math::max);
                }
            }
        }
        return longest.values().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    /**
     * Times from publishing to the hand-over, nanoseconds, ascending.
     *
     * @param from published at or after
     * @param until published before
     * @param stalls whoever was under way in one of them is left out
     */
    public synchronized long[] latencies(
            long from, long until, IntPredicate devices, List<Stalls.Interval> stalls) {
        return lives.stream()
                .filter(Life::isDelivered)
                .filter(l -> l.sentNanos >= from && l.sentNanos < until && devices.test(l.device))
                .filter(l -> stalls.stream().noneMatch(l::wasUnderWay))
                .mapToLong(l -> l.deliveries.getFirst().nanos() - l.sentNanos)
                .sorted()
                .toArray();
    }

    /** Messages that do not add up, at most so many. */
    public synchronized List<Offence> offences(int atMost) {
        List<Offence> found = new ArrayList<>();
        for (Life life : lives) {
            String what =
                    life.isLost()
                            ? "lost"
                            : life.deliveries.size() > 1
                                    ? "doubled"
                                    : life.outOfOrder
                                            ? "out of order"
                                            : life.isDelivered() && !life.isSettled()
                                                    ? "without a receipt"
                                                    : null;
            if (what != null && found.size() < atMost) {
                found.add(new Offence(what, id(life), life.device, describe(life)));
            }
        }
        return found;
    }

    private String describe(Life life) {
        StringBuilder text = new StringBuilder();
        text.append(
                "no. %d of its device, sent at %s".formatted(life.sequence, at(life.sentNanos)));
        if (life.isPublished()) {
            text.append(", in Kafka at %s (%s)".formatted(at(life.publishedNanos), life.place));
        }
        if (life.failure != null) {
            text.append(", not published: ").append(life.failure);
        }
        text.append(", %d times on the wire".formatted(life.onWire));
        for (Life.Delivered delivery : life.deliveries) {
            text.append(", delivered at %s by %s".formatted(at(delivery.nanos()), delivery.node()));
        }
        for (Life.Receipted receipt : life.receipts) {
            text.append(
                    ", receipt %s at %s%s"
                            .formatted(
                                    receipt.status().wireName(),
                                    at(receipt.nanos()),
                                    receipt.reason() == null ? "" : " (" + receipt.reason() + ")"));
        }
        return text.toString();
    }

    /** A moment as the report writes it: seconds since the account was opened. */
    public String at(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", (nanos - startNanos) / 1e9);
    }

    private void change(Life life, Runnable change) {
        boolean before = life.isSettled();
        change.run();
        boolean after = life.isSettled();
        unsettled += before == after ? 0 : after ? -1 : 1;
    }

    private @Nullable Life find(String id) {
        if (!id.startsWith(prefix)) {
            return null;
        }
        try {
            int number = Integer.parseInt(id.substring(prefix.length()));
            return number >= 0 && number < lives.size() ? lives.get(number) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /**
     * What became of all messages.
     *
     * @param published Kafka has their request
     * @param delivered their app got them, once or more
     * @param ended not delivered, and a final receipt says why
     * @param lost neither
     * @param doubled hand-overs beyond the first
     * @param outOfOrder handed over after one that was published later
     * @param repeated messages that were on the wire more than once
     * @param receiptsMissing delivered, and no receipt says so
     * @param unknown hand-overs of what was never sent to that device
     */
    public record Totals(
            int published,
            int delivered,
            int ended,
            int lost,
            int doubled,
            int outOfOrder,
            int repeated,
            int receiptsMissing,
            int unknown) {
        /** Whether everything adds up. */
        public boolean isClean() {
            return lost == 0
                    && doubled == 0
                    && outOfOrder == 0
                    && unknown == 0
                    && receiptsMissing == 0;
        }
    }

    /**
     * A message that does not add up.
     *
     * @param what is wrong
     * @param life all that is known of it
     */
    public record Offence(String what, String id, int device, String life) {}
}
