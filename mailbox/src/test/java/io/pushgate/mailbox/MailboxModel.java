package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.DeviceKey;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What a mailbox should do for one device, in the plainest Java; times are epoch milliseconds. */
final class MailboxModel {
    private static final long DAY = Duration.ofDays(1).toMillis();

    record Waiting(Position position, Message message, @Nullable String collapse) {}

    private record Seen(Position position, String origin) {}

    final DeviceKey device;
    final List<Waiting> inbox = new ArrayList<>();
    final List<Route> sessions = new ArrayList<>();
    private final int cap;
    private final List<Duration> backoff;
    private final Map<String, Seen> seen = new HashMap<>();
    Position last = Position.NONE;
    @Nullable Route session;
    boolean armed;
    long due;
    private int attempts;

    /** How many messages were taken, and how many of them ended, with or without a receipt. */
    int accepted;

    int ended;

    MailboxModel(DeviceKey device, MailboxConfig config) {
        this.device = device;
        this.cap = config.inboxCap();
        this.backoff = config.backoff();
    }

    /** Checks the result and returns the receipts expected with it. */
    List<String> offer(Offer offer, OfferResult result, long now) {
        String id = offer.message().id();
        Seen before = seen(id, now);
        if (before != null) {
            boolean waits = inbox.stream().anyMatch(w -> w.position().equals(before.position()));
            assertThat(result)
                    .isEqualTo(
                            new OfferResult.Duplicate(
                                    before.position(),
                                    session,
                                    waits,
                                    before.origin().equals(offer.origin())));
            return List.of();
        }
        assertThat(result).as("result of %s", id).isInstanceOf(OfferResult.Accepted.class);
        OfferResult.Accepted taken = (OfferResult.Accepted) result;
        assertThat(taken.previous()).isEqualTo(last);
        assertThat(taken.position()).isGreaterThan(last);
        assertThat(taken.route()).isEqualTo(session);

        List<String> receipts = new ArrayList<>();
        String collapse = offer.collapse();
        if (collapse != null) {
            endIf(w -> collapse.equals(w.collapse()), "superseded", receipts);
        }
        last = taken.position();
        seen.put(day(now) + id, new Seen(last, offer.origin()));
        inbox.add(new Waiting(last, offer.message(), collapse));
        accepted++;
        while (inbox.size() > cap) {
            Waiting oldest = inbox.removeFirst();
            receipts.add("overflowed:" + oldest.message().id());
            ended++;
        }
        if (session != null && !armed) {
            arm(now);
        }
        return receipts;
    }

    List<String> register(Registered result, @Nullable String lastMessageId, long now) {
        assertThat(result.replaced()).isEqualTo(session);
        sessions.forEach(old -> assertThat(result.route().isNewerThan(old)).isTrue());
        session = result.route();
        sessions.add(session);
        Seen processed = lastMessageId == null ? null : seen(lastMessageId, now);
        List<String> receipts = processed == null ? List.of() : deliver(processed.position());
        disarm();
        if (!inbox.isEmpty()) {
            arm(now);
        }
        assertThat(result.tail()).isEqualTo(last);
        assertThat(result.backlog()).isEqualTo(inbox.size());
        return receipts;
    }

    boolean unregister(Route route) {
        if (!route.equals(session)) {
            return false;
        }
        session = null;
        disarm();
        return true;
    }

    List<String> ack(Ack ack, AckResult result, long now) {
        int before = inbox.size();
        List<String> receipts = deliver(ack.upTo());
        assertThat(result.trimmed()).isEqualTo(before - inbox.size());
        assertThat(result.current()).isEqualTo(ack.route().equals(session));
        if (inbox.isEmpty()) {
            disarm();
        } else if (inbox.size() < before && session != null) {
            arm(now);
        }
        return receipts;
    }

    /** The claim expected now, if any, as text. */
    @Nullable String claim(long now) {
        if (!armed || due > now) {
            return null;
        }
        Route route = session;
        if (attempts == backoff.size()) {
            session = null;
            disarm();
            return device + " exhausted " + route + " unacked:" + inbox.getFirst().message().id();
        }
        attempts++;
        due = now + backoff.get(Math.min(attempts, backoff.size() - 1)).toMillis();
        return device + " retry " + route + " " + attempts;
    }

    List<String> expire(long now) {
        List<String> receipts = new ArrayList<>();
        endIf(w -> w.message().isExpiredAt(now), "expired", receipts);
        return receipts;
    }

    List<String> readable(long now) {
        return inbox.stream()
                .map(Waiting::message)
                .filter(m -> !m.isExpiredAt(now))
                .map(Message::id)
                .toList();
    }

    private List<String> deliver(Position upTo) {
        List<String> receipts = new ArrayList<>();
        for (Iterator<Waiting> i = inbox.iterator(); i.hasNext(); ) {
            Waiting waiting = i.next();
            if (!waiting.position().isAfter(upTo)) {
                i.remove();
                ended++;
                if (waiting.message().receipt()) {
                    receipts.add("delivered:" + waiting.message().id());
                }
            }
        }
        return receipts;
    }

    private void endIf(Predicate<Waiting> which, String status, List<String> receipts) {
        for (Iterator<Waiting> i = inbox.iterator(); i.hasNext(); ) {
            Waiting waiting = i.next();
            if (which.test(waiting)) {
                i.remove();
                ended++;
                receipts.add(status + ":" + waiting.message().id());
            }
        }
        if (status.equals("expired") && inbox.isEmpty()) {
            disarm();
        }
    }

    private void arm(long now) {
        armed = true;
        attempts = 0;
        due = now + backoff.getFirst().toMillis();
    }

    private void disarm() {
        armed = false;
        attempts = 0;
    }

    private @Nullable Seen seen(String id, long now) {
        Seen today = seen.get(day(now) + id);
        return today != null ? today : seen.get(day(now - DAY) + id);
    }

    private static String day(long now) {
        return now / DAY + ":";
    }
}
