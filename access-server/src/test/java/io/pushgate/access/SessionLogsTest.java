package io.pushgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.WriteBufferWaterMark;
import io.pushgate.protocol.Broadcast;
import io.pushgate.protocol.CloseReason;
import io.pushgate.protocol.Message;
import io.pushgate.protocol.Position;
import io.pushgate.protocol.ServerFrame;
import io.pushgate.testkit.LeakCheck;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One session that follows a broadcast log, over a fake one. */
@ExtendWith(LeakCheck.class)
class SessionLogsTest {
    private @Nullable SessionRig opened;

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @Test
    void aNewDeviceGetsWhatIsAppendedFromNowOn() {
        SessionRig rig = rig(Map.of(), Cursors.NONE);
        rig.logs.append(1);
        rig.open();
        rig.broadcast(rig.logs.append(2));
        rig.broadcast(rig.logs.append(3));
        assertThat(broadcasts(rig)).containsExactly("2", "3");
        assertThat(rig.logs.saved).containsEntry("all", new Position(1, 0));
        assertThat(rig.logs.fetchedAfter).isEmpty();
    }

    @Test
    void whatComesTogetherGoesOutInOneWrite() {
        SessionRig rig = rig(Map.of(), Cursors.NONE);
        rig.open();
        broadcasts(rig);
        int before = rig.writes;
        List<Broadcast> burst = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            burst.add(rig.logs.append(i));
        }
        rig.broadcast(burst);
        assertThat(broadcasts(rig)).hasSize(20).startsWith("1").endsWith("20");
        assertThat(rig.writes - before).isEqualTo(1);
    }

    @Test
    void theWindowHoldsItBackAndAcksLetItGoOn() {
        SessionRig rig = rig(Map.of("window", "4"), Cursors.NONE);
        rig.open();
        for (int i = 1; i <= 10; i++) {
            rig.broadcast(rig.logs.append(i));
        }
        assertThat(broadcasts(rig)).containsExactly("1", "2", "3", "4");
        rig.ackLog(3);
        assertThat(broadcasts(rig)).containsExactly("5", "6", "7");
        rig.ackLog(3);
        assertThat(broadcasts(rig)).isEmpty();
        rig.ackLog(7);
        assertThat(broadcasts(rig)).containsExactly("8", "9", "10");
        assertThat(rig.count(AccessMeters.LOG_ACKED)).isEqualTo(7);
    }

    @Test
    void oneThatIsFurtherBehindThanMemoryIsServedFromRedis() {
        SessionRig rig = rig(Map.of("window", "2", "logs.tail-messages", "3"), Cursors.NONE);
        rig.open();
        for (int i = 1; i <= 9; i++) {
            rig.broadcast(rig.logs.append(i));
        }
        assertThat(broadcasts(rig)).containsExactly("1", "2");
        List<String> all = new ArrayList<>();
        for (int i = 2; i <= 9; i++) {
            rig.ackLog(i);
            all.addAll(broadcasts(rig));
        }
        assertThat(all).containsExactly("3", "4", "5", "6", "7", "8", "9");
        assertThat(rig.count(AccessMeters.LOG_REPLAYED)).isPositive();
        rig.broadcast(rig.logs.append(10));
        assertThat(broadcasts(rig)).containsExactly("10");
    }

    @Test
    void whatTakesADictionaryThatTheNodeDoesNotKnowIsFetched() {
        SessionRig rig = rig(Map.of(), Cursors.NONE);
        rig.open();
        rig.broadcast(rig.logs.append(1));
        rig.logs.lacksDictionary = true;
        int fetched = rig.logs.fetchedAfter.size();
        for (int i = 2; i <= 3; i++) {
            Broadcast plain = rig.logs.append(i);
            Message message = plain.message();
            rig.broadcast(plain.with(message.with(true, message.payload())));
        }
        assertThat(broadcasts(rig)).containsExactly("1", "2", "3");
        assertThat(rig.logs.fetchedAfter).hasSize(fetched + 1);
    }

    @Test
    void aSocketThatEachMessageFillsGetsThemOnceAndInOrder() throws Exception {
        SessionRig rig = rig(Map.of("logs.tail-messages", "3"), Cursors.parse("all:1-0"));
        rig.channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));
        for (int i = 1; i <= 5; i++) {
            rig.logs.append(i);
        }
        rig.open();
        List<Broadcast> burst = new ArrayList<>();
        for (int i = 6; i <= 12; i++) {
            burst.add(rig.logs.append(i));
        }
        rig.broadcast(burst.subList(0, 2));
        rig.broadcast(burst.subList(2, 7));
        assertThat(broadcasts(rig))
                .containsExactly("2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
    }

    @Test
    void whatPubSubLostIsFetchedInOrder() {
        SessionRig rig = rig(Map.of(), Cursors.NONE);
        rig.logs.append(1);
        rig.open();
        rig.broadcast(rig.logs.append(2));
        rig.logs.append(3);
        rig.logs.append(4);
        Broadcast last = rig.logs.append(5);
        rig.broadcast(last);
        rig.broadcast(last);
        assertThat(broadcasts(rig)).containsExactly("2", "3", "4", "5");
        assertThat(rig.count(AccessMeters.LOG_GAPS)).isEqualTo(1);
    }

    @Test
    void aLostLastOneIsFoundByTheCheckAlsoAfterRedisWasAway() {
        SessionRig rig = rig(Map.of("logs.check", "1s"), Cursors.NONE);
        rig.open();
        rig.logs.append(2);
        rig.logs.away = true;
        rig.pass(Duration.ofSeconds(3));
        assertThat(broadcasts(rig)).isEmpty();
        rig.logs.away = false;
        rig.pass(Duration.ofSeconds(2));
        assertThat(broadcasts(rig)).containsExactly("2");
    }

    @Test
    void otherPlatformsAndWhatHasExpiredArePassedOver() {
        SessionRig rig = rig(Map.of(), Cursors.NONE);
        rig.open();
        rig.broadcast(rig.logs.append(1, "web"));
        rig.broadcast(rig.logs.append(2, "web", "pos"));
        rig.broadcast(rig.logs.append(3, rig.clock.millis()));
        rig.broadcast(rig.logs.append(4));
        assertThat(broadcasts(rig)).containsExactly("2", "4");
        rig.ackLog(4);
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.logs.saved).containsEntry("all", new Position(4, 0));
        rig.broadcast(rig.logs.append(5, "web"));
        rig.hangUp();
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.logs.saved).containsEntry("all", new Position(5, 0));
    }

    @Test
    void theServerKeepsTheCursorOfAClientThatDoesNot() {
        SessionRig rig = rig(Map.of(), Cursors.NONE);
        rig.logs.saved.put("all", new Position(2, 0));
        for (int i = 1; i <= 4; i++) {
            rig.logs.append(i);
        }
        rig.open();
        assertThat(broadcasts(rig)).containsExactly("3", "4");
        rig.ackLog(3);
        rig.logs.away = true;
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.logs.saved).containsEntry("all", new Position(2, 0));
        rig.logs.away = false;
        rig.pass(Duration.ofSeconds(2));
        assertThat(rig.logs.saved).containsEntry("all", new Position(3, 0));
    }

    @Test
    void aClientThatKeepsItsCursorGoesOnFromThere() throws Exception {
        SessionRig rig = rig(Map.of(), Cursors.parse("all:3-0,g.gone:1-0"));
        rig.logs.saved.put("all", new Position(1, 0));
        for (int i = 1; i <= 4; i++) {
            rig.logs.append(i);
        }
        rig.open();
        assertThat(broadcasts(rig)).containsExactly("4");
        rig.ackLog(4);
        rig.pass(Duration.ofSeconds(2));
        assertThat(rig.logs.saved).as("not at each ack").containsEntry("all", new Position(1, 0));
        rig.hangUp();
        rig.pass(Duration.ofSeconds(1));
        assertThat(rig.logs.saved).containsEntry("all", new Position(4, 0));
    }

    @Test
    void beyondRetentionItIsToldAndGoesOnFromTheOldestKept() throws Exception {
        SessionRig rig = rig(Map.of(), Cursors.parse("all:1-0"));
        for (int i = 1; i <= 5; i++) {
            rig.logs.append(i);
        }
        rig.logs.trim(3);
        rig.open();
        List<ServerFrame> frames = rig.frames();
        assertThat(frames.get(1)).isEqualTo(new ServerFrame.Reset("all", new Position(3, 0)));
        assertThat(positions(frames)).containsExactly("4", "5");
        rig.broadcast(rig.logs.append(6));
        assertThat(broadcasts(rig)).containsExactly("6");
        assertThat(rig.count(AccessMeters.LOG_RESETS)).isEqualTo(1);
    }

    @Test
    void whereNothingIsKeptItIsToldAndWaitsForTheNext() throws Exception {
        SessionRig rig = rig(Map.of(), Cursors.parse("all:1-0"));
        rig.logs.append(1);
        rig.logs.append(2);
        rig.logs.trim(2);
        rig.open();
        assertThat(rig.frames())
                .contains(new ServerFrame.Reset("all", new Position(2, 0)))
                .hasSize(2);
        rig.broadcast(rig.logs.append(3));
        assertThat(broadcasts(rig)).containsExactly("3");
    }

    @Test
    void anAckFromAnEarlierSessionSparesTheRepeat() throws Exception {
        SessionRig rig = rig(Map.of("window", "2"), Cursors.parse("all:1-0"));
        for (int i = 1; i <= 6; i++) {
            rig.logs.append(i);
        }
        rig.open();
        assertThat(broadcasts(rig)).containsExactly("2", "3");
        rig.ackLog(5);
        assertThat(broadcasts(rig)).containsExactly("6");
        rig.ackLog(99);
        assertThat(rig.closeCodes()).isEmpty();
        assertThat(rig.inbox.ackBatches).isEmpty();
    }

    @Test
    void aRecallIsToldToWhomItIsOnItsWayToAndKeptFromOthers() {
        SessionRig rig = rig(Map.of("window", "2"), Cursors.NONE);
        rig.open();
        for (int i = 1; i <= 4; i++) {
            rig.broadcast(rig.logs.append(i));
        }
        rig.ackLog(1);
        assertThat(broadcasts(rig)).containsExactly("1", "2", "3");
        rig.recalled(rig.logs.recall(1));
        rig.recalled(rig.logs.recall(2));
        rig.recalled(rig.logs.recall(4));
        assertThat(rig.frames()).containsExactly(new ServerFrame.Recall(at(2), "b2", "all"));
        rig.broadcast(rig.logs.append(5));
        rig.ackLog(3);
        assertThat(broadcasts(rig)).containsExactly("5");
        assertThat(rig.count(AccessMeters.LOG_RECALLED)).isEqualTo(1);
    }

    @Test
    void theWordMayComeBeforeTheMessageOrWhileItIsFetched() {
        SessionRig rig = rig(Map.of(), Cursors.NONE);
        rig.open();
        Broadcast early = rig.logs.append(1);
        rig.recalled(rig.logs.recall(1));
        rig.broadcast(early);
        rig.logs.append(2);
        rig.recalled(rig.logs.recall(2));
        rig.broadcast(rig.logs.append(3));
        assertThat(broadcasts(rig)).containsExactly("3");
    }

    @Test
    void aLostWordIsMissedByTheNextOrByTheCheck() {
        SessionRig rig = rig(Map.of("window", "1", "logs.check", "1s"), Cursors.NONE);
        rig.open();
        for (int i = 1; i <= 6; i++) {
            rig.broadcast(rig.logs.append(i));
        }
        assertThat(broadcasts(rig)).containsExactly("1");
        var _ = rig.logs.recall(2);
        rig.recalled(rig.logs.recall(3));
        rig.ackLog(1);
        assertThat(broadcasts(rig)).containsExactly("4");
        var _ = rig.logs.recall(5);
        rig.pass(Duration.ofSeconds(2));
        rig.ackLog(4);
        assertThat(broadcasts(rig)).containsExactly("6");
    }

    @Test
    void aClientThatNamesEachLogCostsNoLookUp() throws Exception {
        SessionRig rig = rig(Map.of(), Cursors.parse("all:1-0"));
        rig.logs.append(1);
        rig.logs.append(2);
        rig.open();
        assertThat(broadcasts(rig)).containsExactly("2");
        assertThat(rig.logs.saved).isEmpty();
    }

    @Test
    void aDeviceThatNeverAcksIsCut() {
        SessionRig rig = rig(Map.of("logs.ack-within", "5s"), Cursors.NONE);
        rig.open();
        rig.broadcast(rig.logs.append(1));
        rig.broadcast(rig.logs.append(2));
        rig.pass(Duration.ofSeconds(4));
        rig.ackLog(1);
        rig.pass(Duration.ofSeconds(4));
        assertThat(rig.closeCodes()).isEmpty();
        rig.pass(Duration.ofSeconds(2));
        assertThat(rig.closeCodes()).containsExactly(CloseReason.TOO_SLOW.code());
    }

    @Test
    void anAckOfALogThatItDoesNotFollowIsRefused() {
        SessionRig rig = rig(Map.of(), Cursors.NONE);
        rig.open();
        rig.send("{\"t\":\"ack\",\"pos\":\"1-0\",\"log\":\"others\"}");
        assertThat(rig.closeCodes()).containsExactly(CloseReason.POLICY.code());
    }

    @Test
    void nothingIsSentToADeviceThatIsAboutToLeave() {
        SessionRig rig = rig(Map.of(), Cursors.NONE);
        rig.open();
        rig.session.quiet();
        rig.broadcast(rig.logs.append(1));
        assertThat(broadcasts(rig)).isEmpty();
    }

    private SessionRig rig(Map<String, String> settings, Cursors cursors) {
        SessionRig rig = new SessionRig(settings, cursors);
        opened = rig;
        return rig;
    }

    private static Position at(long millis) {
        return new Position(millis, 0);
    }

    private static List<String> broadcasts(SessionRig rig) {
        return positions(rig.frames());
    }

    private static List<String> positions(List<ServerFrame> frames) {
        List<String> positions = new ArrayList<>();
        for (ServerFrame frame : frames) {
            if (frame instanceof ServerFrame.Push push) {
                assertThat(push.log()).isEqualTo("all");
                positions.add(Long.toString(push.position().millis()));
            }
        }
        return positions;
    }
}
