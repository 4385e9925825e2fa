package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.WriteBufferWaterMark;
import io.pushgate.protocol.Delivery;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.Route;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.testkit.LeakCheck;
import io.pushgate.testkit.Seeds;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;

/** In-order delivery, DESIGN section 4. */
@ExtendWith(LeakCheck.class)
class OrderedSenderTest {
    /** A socket that each message fills. */
    private static final WriteBufferWaterMark TIGHT = new WriteBufferWaterMark(1, 2);

    private final SessionRig rig = new SessionRig(Map.of("window", "8"));

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void replaysTheInboxThenGoesLive() {
        for (int i = 1; i <= 5; i++) {
            rig.inbox.append(i);
        }
        rig.open();
        rig.push(6);
        assertThat(rig.pushes()).containsExactly("1", "2", "3", "4", "5", "6");
        assertThat(rig.count(AccessMeters.REPLAYED)).isEqualTo(5);
        assertThat(rig.inbox.fetchedAfter).hasSize(1);
    }

    @Test
    void asksNothingOfAnEmptyInbox() {
        rig.inbox.append(1);
        rig.inbox.messages.clear();
        rig.open();
        rig.push(2);
        assertThat(rig.pushes()).containsExactly("2");
        assertThat(rig.inbox.fetchedAfter).isEmpty();
    }

    @Test
    void deliversWhatComesBeforeTheMailboxHasAnswered() {
        rig.inbox.holdBack = true;
        rig.open();
        rig.push(1);
        assertThat(rig.pushes()).isEmpty();
        rig.inbox.answer();
        rig.settle();
        assertThat(rig.pushes()).containsExactly("1");
    }

    @Test
    void fetchesTheGapThatALostDeliveryLeaves() {
        rig.open();
        rig.push(1);
        rig.inbox.append(2); // lost on its way
        rig.push(3);
        rig.push(4);
        assertThat(rig.pushes()).containsExactly("1", "2", "3", "4");
        assertThat(rig.count(AccessMeters.GAPS)).isEqualTo(1);
        assertThat(rig.count(AccessMeters.FETCHES, "reason", "gap")).isEqualTo(1);
    }

    @Test
    void fetchesWhatTakesADictionaryThatTheNodeDoesNotKnow() {
        rig.open();
        rig.push(1);
        rig.inbox.lacksDictionary = true;
        for (int i = 2; i <= 3; i++) {
            Message packed = FakeInbox.message("m" + i);
            rig.deliver(
                    new Position(i, 0), rig.inbox.append(i), packed.with(true, packed.payload()));
        }
        assertThat(rig.pushes()).containsExactly("1", "2", "3");
        assertThat(rig.count(AccessMeters.FETCHES, "reason", "dictionary")).isEqualTo(1);
    }

    @Test
    void fetchesOnceForAllThatComesInMeanwhile() {
        rig.open();
        rig.push(1);
        rig.inbox.append(2);
        rig.inbox.holdBack = true;
        rig.push(3);
        rig.push(4);
        rig.push(5);
        assertThat(rig.pushes()).containsExactly("1");
        rig.inbox.answer();
        rig.settle();
        assertThat(rig.pushes()).containsExactly("2", "3", "4", "5");
    }

    @Test
    void whatComesWhileAPageIsSentAndTheSocketDrainsIsNotPassedOver() {
        rig.channel.config().setWriteBufferWaterMark(TIGHT);
        rig.open();
        rig.push(1);
        rig.inbox.append(2); // lost on its way
        rig.inbox.append(3);
        rig.inbox.holdBack = true;
        rig.push(4);
        rig.inbox.answer();
        rig.push(5); // after that page was read, before it is sent
        assertThat(rig.pushes()).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void anUnknownPredecessorIsLookedUp() {
        rig.open();
        rig.inbox.append(1); // lost on its way
        rig.inbox.append(2);
        rig.deliver(new Position(2, 0), Position.NONE);
        assertThat(rig.pushes()).containsExactly("1", "2");
    }

    @Test
    void ignoresWhatWasSentBefore() {
        rig.open();
        rig.push(1);
        rig.push(2);
        rig.deliver(new Position(1, 0), Position.NONE);
        rig.deliver(new Position(2, 0), new Position(1, 0));
        assertThat(rig.pushes()).containsExactly("1", "2");
        assertThat(rig.count(AccessMeters.DUPLICATES)).isEqualTo(2);
    }

    @Test
    void neverHasMoreInFlightThanTheWindow() {
        rig.open();
        for (int i = 1; i <= 30; i++) {
            rig.push(i);
        }
        assertThat(rig.pushes()).hasSize(8);
        rig.ack(3);
        assertThat(rig.pushes()).containsExactly("9", "10", "11");
        List<String> all = new ArrayList<>();
        for (int i = 11; i <= 30; i++) {
            rig.ack(i);
            all.addAll(rig.pushes());
        }
        assertThat(all).startsWith("12", "13").endsWith("29", "30").hasSize(19);
    }

    @Test
    void takesBackWhatIsOnTheWireAndSendsNothingThatComesLater() {
        rig.open();
        rig.push(1);
        rig.frames();
        rig.deliver(recall(1));
        rig.deliver(recall(2));
        rig.push(2);
        rig.push(3);
        assertThat(rig.frames())
                .startsWith(new ServerFrame.Recall(new Position(1, 0), "1", null))
                .extracting(frame -> frame instanceof ServerFrame.Push push ? push.id() : "-")
                .containsExactly("-", "m3");
        assertThat(rig.count(AccessMeters.RECALLED)).isEqualTo(1);
        rig.ack(3);
        rig.deliver(recall(3));
        assertThat(rig.frames())
                .containsExactly(new ServerFrame.Recall(new Position(3, 0), "3", null));
    }

    @Test
    void leavesOutOfAPageWhatWasTakenBackMeanwhile() {
        for (int i = 1; i <= 3; i++) {
            rig.inbox.append(i);
        }
        rig.open();
        assertThat(rig.pushes()).containsExactly("1", "2", "3");
        rig.inbox.append(4); // lost on its way
        rig.inbox.append(5);
        rig.inbox.holdBack = true;
        rig.push(6);
        rig.deliver(recall(5));
        rig.inbox.answer();
        rig.settle();
        assertThat(rig.pushes()).containsExactly("4", "6");
    }

    @Test
    void remembersSoManyRecallsAndNoMore() {
        Recalls recalls = new Recalls();
        for (int i = 0; i <= Recalls.MAX; i++) {
            recalls.add(new Position(i, 0));
        }
        assertThat(recalls.take(new Position(0, 0))).isFalse();
        assertThat(recalls.take(new Position(1, 0))).isTrue();
        assertThat(recalls.take(new Position(1, 0))).isFalse();
    }

    private static Delivery.Recall recall(long millis) {
        return new Delivery.Recall(
                SessionRig.DEVICE,
                new Route(SessionRig.NODE, 1),
                new Position(millis, 0),
                "" + millis);
    }

    @Test
    void leavesAFullSocketAloneUntilItDrains() {
        rig.open();
        rig.frames();
        rig.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        rig.push(1);
        rig.push(2);
        rig.deliver(new Delivery.Redeliver(SessionRig.DEVICE, new Route("n1", 1), 1));
        assertThat(rig.pushes()).isEmpty();
        rig.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        rig.channel.pipeline().fireChannelWritabilityChanged();
        rig.settle();
        assertThat(rig.pushes()).containsExactly("1", "2");
    }

    @Test
    void aDeviceThatDoesNotDrainItsSocketIsCut() {
        rig.open();
        rig.frames();
        rig.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        rig.channel.pipeline().fireChannelWritabilityChanged();
        rig.pass(Duration.ofSeconds(29));
        rig.send("{\"t\":\"ping\"}");
        assertThat(rig.closeCodes()).isEmpty();
        rig.pass(Duration.ofMillis(1_200));
        assertThat(rig.closeCodes()).containsExactly(4410);
        assertThat(rig.count(AccessMeters.SLOW_CUTS)).isEqualTo(1);
    }

    @Test
    void sendsAgainWhatIsUnacked() {
        rig.open();
        rig.push(1);
        rig.push(2);
        rig.push(3);
        rig.ack(1);
        rig.pushes();
        rig.inbox.append(4); // its delivery was lost, and nobody noticed
        rig.deliver(new Delivery.Redeliver(SessionRig.DEVICE, new Route("n1", 1), 2));
        assertThat(rig.pushes()).containsExactly("2+", "3+", "4");
        assertThat(rig.count(AccessMeters.REDELIVERED, "attempt", "2")).isEqualTo(2);
        rig.push(5);
        assertThat(rig.pushes()).containsExactly("5");
        rig.ack(5);
        assertThat(rig.closeCodes()).isEmpty();
    }

    @Test
    void aBounceElsewhereSendsNothingTwice() {
        rig.open();
        rig.push(1);
        rig.push(2);
        rig.inbox.append(3); // went to where the device was before
        assertThat(rig.pushes()).containsExactly("1", "2");
        rig.deliver(new Delivery.Redeliver(SessionRig.DEVICE, new Route("n1", 1), 0));
        assertThat(rig.pushes()).containsExactly("3");
        rig.push(4);
        assertThat(rig.pushes()).containsExactly("4");
    }

    @Test
    void aBounceElsewhereDuringAFetchLooksOnceMore() {
        rig.open();
        rig.push(1);
        rig.inbox.append(2);
        rig.inbox.holdBack = true;
        rig.push(3); // a gap
        rig.deliver(new Delivery.Redeliver(SessionRig.DEVICE, new Route("n1", 1), 0));
        rig.inbox.answer();
        rig.inbox.append(4); // after that page was read
        rig.settle();
        assertThat(rig.pushes()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void sendsNothingMoreShortlyBeforeTheDeviceLeaves() {
        rig.open();
        rig.push(1);
        rig.session.goaway(
                new ServerFrame.Goaway("drain", 2_000),
                Duration.ofMillis(500),
                Duration.ofSeconds(1));
        rig.push(2);
        assertThat(rig.pushes()).containsExactly("1", "2");
        rig.pass(Duration.ofMillis(1_700));
        rig.push(3);
        rig.deliver(new Delivery.Redeliver(SessionRig.DEVICE, new Route("n1", 1), 1));
        assertThat(rig.pushes()).isEmpty();
        rig.ack(2);
        assertThat(rig.pushes()).isEmpty();
        assertThat(rig.count(AccessMeters.ACKED)).isEqualTo(2);
        assertThat(rig.count(AccessMeters.DEFERRED)).as("the first and the last").isEqualTo(2);
        assertThat(rig.closeCodes()).isEmpty();
    }

    @Test
    void aRedeliveryOfAnotherSessionIsNotOurs() {
        rig.open();
        rig.push(1);
        rig.pushes();
        rig.deliver(new Delivery.Redeliver(SessionRig.DEVICE, new Route("n1", 9), 1));
        assertThat(rig.pushes()).isEmpty();
    }

    @Test
    void anAckDuringARedeliverySkipsWhatItCovers() {
        rig.open();
        for (int i = 1; i <= 4; i++) {
            rig.push(i);
        }
        rig.pushes();
        rig.inbox.holdBack = true;
        rig.deliver(new Delivery.Redeliver(SessionRig.DEVICE, new Route("n1", 1), 1));
        rig.ack(3);
        rig.inbox.answer();
        rig.settle();
        assertThat(rig.pushes()).containsExactly("4+");
    }

    @Test
    void aRedeliveryDuringAFetchStartsOver() {
        rig.open();
        rig.push(1);
        rig.inbox.append(2);
        rig.inbox.holdBack = true;
        rig.push(3);
        rig.deliver(new Delivery.Redeliver(SessionRig.DEVICE, new Route("n1", 1), 1));
        rig.inbox.answer();
        rig.settle();
        assertThat(rig.pushes()).containsExactly("1", "1+", "2", "3");
    }

    @Test
    void anExpiredMessageIsPassedOver() {
        rig.open();
        rig.push(1);
        Position previous = rig.inbox.append(2);
        rig.deliver(
                new Delivery.Push(
                        SessionRig.DEVICE,
                        new Route("n1", 1),
                        new Position(2, 0),
                        previous,
                        new Message(
                                "m2",
                                1,
                                rig.clock.millis(),
                                false,
                                false,
                                "{}".getBytes(StandardCharsets.UTF_8))));
        rig.push(3);
        assertThat(rig.pushes()).containsExactly("1", "3");
        assertThat(rig.count(AccessMeters.EXPIRED)).isEqualTo(1);
        assertThat(rig.inbox.fetchedAfter).hasSize(1); // the very first, of unknown predecessor
    }

    @Test
    void goesLiveAgainAfterAMessageThatIsGone() {
        rig.open();
        rig.push(1);
        rig.inbox.append(2);
        Position previous = rig.inbox.append(3);
        rig.inbox.messages.clear(); // both expired or were recalled
        rig.deliver(new Position(3, 0), previous);
        rig.push(4);
        assertThat(rig.pushes()).containsExactly("1", "4");
    }

    @Test
    void waitsForRedisWithoutLosingTheSession() {
        rig.open();
        rig.push(1);
        rig.inbox.append(2);
        rig.inbox.away = true;
        rig.push(3);
        rig.ack(1);
        for (int i = 0; i < 20; i++) {
            rig.pass(Duration.ofSeconds(1));
        }
        assertThat(rig.closeCodes()).isEmpty();
        rig.inbox.away = false;
        rig.pass(Duration.ofSeconds(5));
        rig.pass(Duration.ofSeconds(5));
        assertThat(rig.pushes()).containsExactly("1", "2", "3");
        assertThat(rig.inbox.messages.firstKey()).isEqualTo(new Position(2, 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whateverHappensItIsInOrderAndComplete(boolean tight) {
        Random random = Seeds.random();
        if (tight) {
            rig.channel.config().setWriteBufferWaterMark(TIGHT);
        }
        rig.open();
        NavigableSet<Long> received = new TreeSet<>();
        long last = 0;
        long acked = 0;
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(10)) {
                case 0 -> rig.inbox.append(++last);
                case 1 -> rig.inbox.holdBack = true;
                case 2 -> rig.inbox.answer(); // and the page is sent with the next step
                case 3 ->
                        rig.deliver(
                                new Delivery.Redeliver(SessionRig.DEVICE, new Route("n1", 1), 1));
                case 4, 5 -> {
                    if (!received.isEmpty() && received.last() > acked) {
                        acked = received.last();
                        rig.ack(acked);
                        rig.pass(Duration.ofMillis(10));
                        rig.send("{\"t\":\"ping\"}");
                    }
                }
                default -> rig.push(++last);
            }
            take(received);
        }
        rig.inbox.answer();
        rig.settle();
        rig.push(++last);
        for (int i = 0; i < 5_000 && received.size() < last; i++) {
            take(received);
            if (received.last() > acked) {
                acked = received.last();
                rig.ack(acked);
            }
            rig.pass(Duration.ofMillis(10));
        }
        assertThat(rig.closeCodes()).isEmpty();
        assertThat(received).hasSize((int) last);
        assertThat(
                        rig.count(AccessMeters.PUSHES)
                                - rig.count(AccessMeters.DUPLICATES)
                                - rig.count(AccessMeters.EXPIRED)
                                - rig.count(AccessMeters.DEFERRED))
                .isEqualTo(
                        rig.count(AccessMeters.SENT)
                                - rig.count(AccessMeters.REPLAYED)
                                - rig.count(AccessMeters.REDELIVERED, "attempt", "1"));
    }

    /** New messages come one after the other, and only old ones are marked as sent again. */
    private void take(NavigableSet<Long> received) {
        for (String push : rig.pushes()) {
            long millis = Long.parseLong(push.replace("+", ""));
            long newest = received.isEmpty() ? 0 : received.last();
            if (push.endsWith("+")) {
                assertThat(millis).isLessThanOrEqualTo(newest);
            } else {
                assertThat(millis).isEqualTo(newest + 1);
                received.add(millis);
            }
        }
    }
}
